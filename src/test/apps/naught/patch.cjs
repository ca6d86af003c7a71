'use strict';
// Makes naught's own test suite call another program, and repairs what cannot hold on a system of today. Each change is stated; one whose
// place is not found fails the test.
const fs = require('fs');
const path = require('path');
const folder = process.argv[2];
const isRoot = process.getuid() === 0;
const keepsConnections = Number(process.versions.node.split('.')[0]) >= 19;

function patch(file, why, from, to) {
  const name = path.join(folder, file);
  const text = fs.readFileSync(name, 'utf8');
  if (!text.includes(from)) throw new Error(`${file}: no place for: ${why}`);
  fs.writeFileSync(name, text.split(from).join(to));
  console.log(`${file}: ${why}`);
}

patch('test.js', 'the program under test', 'exec(process.execPath, [NAUGHT_MAIN].concat(args), {', 'exec(process.env.NAUGHT, args, {');
patch('test.js', 'the program under test, with an IPC channel; since Node 12 messages that nobody hears wait for the next listener, once they were lost',
  'bin = fork(NAUGHT_MAIN, args, {\n    cwd: __dirname,\n    env: env,\n  });',
  "bin = spawn(process.env.NAUGHT, args, {cwd: __dirname, env: env, stdio: ['inherit', 'inherit', 'inherit', 'ipc']});\n  bin.on('message', noop);");
patch('test.js', 'a port that is free', 'var PORT = 11904;', `var PORT = ${Number(process.env.PORT)};`);
patch('test.js', "since Node 10 assert.ifError('') throws", 'assert.ifError(err);', 'assert.ifError(err || null);');
if (isRoot) {
  patch('test.js', 'root may make every folder but those of proc', '/invalid/path/foo.ipc', '/proc/invalid/path/foo.ipc');
  patch('test.js', 'root may make every folder but those of proc', "EACCES, mkdir '/invalid'", "ENOENT, mkdir '/proc/invalid'");
}
if (keepsConnections) patch('test.js', 'since Node 19 clients keep their connections', 'path: url,', 'path: url, agent: false,');

// Time for machines that have other work too: the order of what is expected is the same.
patch('test.js', 'time', 'var TIMEOUT = 5000;', 'var TIMEOUT = 60000;');
patch('test.js', 'time', '}, 600);', '}, 3000);');
patch('test.js', 'time', '}, 1500);', '}, 4500);');
patch('server6.js', 'time', 'process.exit.bind(this, 0), 200)', 'process.exit.bind(this, 0), 2000)');
patch('server8.js', 'time', '}, 1000);', '}, 3000);');
