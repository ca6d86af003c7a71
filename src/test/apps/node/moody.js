'use strict';
// A server whose moods come from its environment, slot by slot: "crash:1" ends slot 1 with exit code 7 before it listens, "late:1" as soon as
// the file RELEASE is there, "doomed:all" where it is there from the beginning. A request for /exit?code=N ends the process, /block?ms=N blocks its event loop.
// LEAK=N keeps N KB for each request.
const http = require('node:http');

const version = process.env.VERSION || 'v0';
const slot = process.env.NARY_WORKER || '0';
const [mood, where] = (process.env.MOOD || '').split(':');
const body = `version=${version} worker=${slot} pid=${String(process.pid).padStart(10, '0')}\n`;

const isDoomed = mood === 'doomed' && require('node:fs').existsSync(process.env.RELEASE);
if ((mood === 'crash' || isDoomed) && (where === slot || where === 'all')) {
  console.error('no database');
  process.exit(7);
}

function crashLater() {
  if (!require('node:fs').existsSync(process.env.RELEASE)) return setTimeout(crashLater, 20);
  console.error('no database');
  return process.exit(7);
}

const leak = Number(process.env.LEAK || 0);
const leaked = [];

const server = http.createServer((request, response) => {
  if (leak > 0) leaked.push(Buffer.alloc(leak * 1024, 1));
  const url = new URL(request.url, 'http://localhost');
  if (url.pathname === '/exit') {
    response.end(body, () => process.exit(Number(url.searchParams.get('code'))));
    return;
  }
  if (url.pathname === '/wait') return;
  response.end(body);
  if (url.pathname === '/block') {
    const end = Date.now() + Number(url.searchParams.get('ms'));
    setImmediate(() => { while (Date.now() < end); });
  }
});

if (mood === 'late' && where === slot) crashLater();
else server.listen(Number(process.argv[2]));
