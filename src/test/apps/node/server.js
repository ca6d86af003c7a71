'use strict';
// A plain Node server: it knows nothing of the program that runs it. MISBEHAVE makes it a bad version.
const http = require('node:http');
const crypto = require('node:crypto');

const version = process.env.VERSION || 'v0';
const misbehave = process.env.MISBEHAVE || '';
let port = Number(process.env.PORT || process.argv[2] || 8080);
let host = process.env.HOST;
// always of one length, so that a client can tell a cut answer from a whole one
const body = `version=${version} worker=${process.env.NARY_WORKER || 0} pid=${String(process.pid).padStart(10, '0')}\n`;

console.log(`starting ${body.trim()}`);
console.error(`errors of ${version} pid ${process.pid} go here`);

function misbehaveAtStart() {
  const [kind, value] = misbehave.split(':');
  if (kind === 'crash') {
    console.error('I am a version that crashes at once');
    process.exit(7);
  }
  if (kind === 'hang') setInterval(() => {}, 1 << 30);
  if (kind === 'die') setTimeout(() => { console.error('I die after listening'); process.exit(8); }, Number(value));
  if (kind === 'port') port = Number(value);
  if (kind === 'overlap') host = '0.0.0.0';
  if (kind === 'ignore-term') process.on('SIGTERM', () => console.log('SIGTERM ignored'));
  return kind !== 'hang';
}

function answer(req, res) {
  const url = new URL(req.url, 'http://localhost');
  if (url.pathname === '/slow') setTimeout(() => plain(res, body), Number(url.searchParams.get('ms')));
  else if (url.pathname === '/events') events(url, req, res);
  else if (url.pathname === '/upload') upload(req, res);
  else plain(res, body);
}

function plain(res, text) {
  res.writeHead(200, { 'Content-Type': 'text/plain', 'Content-Length': Buffer.byteLength(text) });
  res.end(text);
}

// /events?count=N: server-sent events, one a second
function events(url, req, res) {
  const count = Number(url.searchParams.get('count'));
  let sent = 0;
  res.writeHead(200, { 'Content-Type': 'text/event-stream', 'Connection': 'close' });
  const timer = setInterval(() => {
    res.write(`data: ${++sent} ${version}\n\n`);
    if (sent >= count) { clearInterval(timer); res.end('data: end\n\n'); }
  }, 1000);
  req.on('close', () => clearInterval(timer));
}

function upload(req, res) {
  let bytes = 0;
  req.on('data', (chunk) => { bytes += chunk.length; });
  req.on('end', () => plain(res, `received=${bytes} ${body}`));
}

function webSocket(req, socket) {
  const accept = crypto.createHash('sha1')
    .update(req.headers['sec-websocket-key'] + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11').digest('base64');
  socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n'
    + `Sec-WebSocket-Accept: ${accept}\r\n\r\n`);
  let pending = Buffer.alloc(0);
  socket.on('data', (chunk) => { pending = frames(Buffer.concat([pending, chunk]), socket); });
  socket.on('error', () => socket.destroy());
}

// short masked frames only: ping is answered by pong, text by its echo, close by close
function frames(data, socket) {
  while (data.length >= 6) {
    const length = data[1] & 0x7f;
    if (data.length < 6 + length) break;
    const payload = Buffer.from(data.subarray(6, 6 + length)).map((byte, i) => byte ^ data[2 + (i % 4)]);
    const opcode = data[0] & 0x0f;
    const reply = opcode === 9 ? 10 : opcode;
    socket.write(Buffer.concat([Buffer.from([0x80 | reply, length]), payload]));
    if (opcode === 8) socket.end();
    data = data.subarray(6 + length);
  }
  return data;
}

if (misbehaveAtStart()) {
  const server = http.createServer(answer);
  server.on('upgrade', webSocket);
  server.requestTimeout = 0;
  server.listen({ port, host }, () => console.log(`listening ${version}`));
}
