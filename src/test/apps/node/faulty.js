'use strict';
// server.js, and on top of it what FAULT says: a server that is in order, in an order that something is wrong with.
const fs = require('node:fs');
const { spawn } = require('node:child_process');

const [kind, value] = (process.env.FAULT || '').split('=');

function serve() {
  require('./server.js');
}

// listens when the file VALUE, or VALUE.SLOT, is there
function gate() {
  const open = [value, `${value}.${process.env.NARY_WORKER}`].some((file) => fs.existsSync(file));
  if (open) serve(); else setTimeout(gate, 10);
}

// children that neither belong to the process group nor hear a stop signal, one of them an orphan
function family() {
  const deaf = "trap '' TERM HUP INT; while :; do sleep 1000; done";
  spawn('sh', ['-c', deaf], { detached: true, stdio: 'inherit' });
  spawn('sh', ['-c', `setsid sh -c "${deaf}" & exit 0`], { detached: true, stdio: 'ignore' });
  serve();
}

// numbered lines, each in one write, as fast as they are taken, by a process beside the server; Node's own end of the pipe does not block
function lines() {
  spawn('sh', ['-c', `exec stdbuf -oL seq -f 'line %09.0f ${'.'.repeat(80)}' 1 ${value} >/proc/self/fd/1`], { stdio: 'inherit' });
  serve();
}

// VALUE megabytes of every byte there is but the line's end, then a line of text
function blob() {
  const all = Buffer.from(Array.from({ length: 1 << 20 }, (_, i) => (i % 256 === 10 ? 0 : i % 256)));
  for (let i = 0; i < Number(value); i++) process.stdout.write(all);
  process.stdout.write('\nthe line after it\n');
  serve();
}

({ gate, family, lines, blob }[kind] || serve)();
