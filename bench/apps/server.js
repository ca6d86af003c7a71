'use strict';
// The Node server of the benchmarks: the same file bare and under every process manager. It answers one short body and ends as the
// textbook has it: close the server, let what is under way finish.
const http = require('node:http');

const first = Number(process.argv[2] || process.env.PORT);
const count = Number(process.env.ADDRESSES || 1);
const body = `version=${process.env.VERSION || 'v0'} worker=${process.env.NARY_WORKER || 0} pid=${String(process.pid).padStart(10, '0')}\n`;
const head = { 'Content-Type': 'text/plain', 'Content-Length': Buffer.byteLength(body) };

function plain(res) {
  res.writeHead(200, head);
  res.end(body);
}

// /slow?ms=N answers after N milliseconds
function answer(req, res) {
  if (req.url.startsWith('/slow?ms=')) setTimeout(() => plain(res), Number(req.url.slice('/slow?ms='.length)));
  else plain(res);
}

let listening = 0;
const servers = [];
for (let i = 0; i < count; i++) {
  const server = http.createServer(answer);
  servers.push(server);
  server.listen({ port: first + i, backlog: 4096 }, () => {
    // naught waits for this word; the others have no use for it
    if (++listening === count && process.env.NAUGHT_WORKER && process.send) process.send('online');
  });
}

let open = count;
function end() {
  for (const server of servers) server.close(() => { if (--open === 0) process.exit(0); });
}
process.on('SIGTERM', end);
process.on('SIGINT', end);
if (process.send) process.on('message', (message) => { if (message === 'shutdown') end(); });
