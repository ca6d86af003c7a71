'use strict';
// Loaded by nary into every Node process of an app, before the app. While its worker drains, each answer closes its connection, so that
// clients move on to the next version without a lost request. A process that serves no HTTP is left alone; nothing here may fail the app.
(() => {
  const env = process.env;
  const loaded = Symbol.for('nary.drain');
  if (!env.NARY_DRAIN_SOCKET || !env.NARY_ID || process[loaded]) return;
  process[loaded] = true;

  const STOP_GRACE_MS = 5000;
  const DRAINED_GRACE_MS = 200;
  const GOAWAY_GRACE_MS = 1000;
  const LAST_STREAM = 0x7fffffff;
  const net = require('net');
  const servers = new Set();
  const sockets = new Set();
  const sessions = new Set();
  let draining = false;
  let joined = false;

  const listen = net.Server.prototype.listen;
  net.Server.prototype.listen = function (...args) {
    try {
      adopt(this);
    } catch (e) {
      process.emitWarning(`nary cannot drain kept connections: ${e && e.message}`);
    }
    return listen.apply(this, args);
  };

  function adopt(server) {
    const isHttp2 = /^Http2(Secure)?Server$/.test(server.constructor.name);
    // not by instanceof: what the app never loads is not loaded for it
    if (servers.has(server) || !isHttp2 && typeof server.closeIdleConnections !== 'function') return;
    servers.add(server);
    server.on('close', () => servers.delete(server));
    if (isHttp2) server.on('session', followSession);
    for (const event of ['connection', 'secureConnection']) server.on(event, (socket) => follow(sockets, socket));
    if (!joined) join();
    joined = true;
  }

  function follow(set, member) {
    set.add(member);
    member.once('close', () => set.delete(member));
  }

  function followSession(session) {
    follow(sessions, session);
    if (draining) session.once('stream', () => leave(session));
  }

  function join() {
    hookAnswers(require('http').ServerResponse.prototype);
    process.prependListener('SIGTERM', terminate);
    const line = net.connect(env.NARY_DRAIN_SOCKET);
    line.unref();
    line.on('error', () => {});
    line.setEncoding('utf8');
    let rest = '';
    line.on('data', (text) => {
      const words = (rest + text).split('\n');
      rest = words.pop();
      words.forEach(hear);
    });
    line.write(env.NARY_ID + '\n');
  }

  function hear(word) {
    if (word === 'drain') drain();
    if (word === 'serve') draining = false;
  }

  function drain() {
    draining = true;
    sessions.forEach(leave);
  }

  // first "no more streams, please", then, when requests under way have arrived, the real end
  function leave(session) {
    if (session.closed || session.destroyed) return;
    session.goaway(0, LAST_STREAM);
    setTimeout(() => session.close(), GOAWAY_GRACE_MS).unref();
  }

  function hookAnswers(prototype) {
    const writeHead = prototype.writeHead;
    prototype.writeHead = function (...args) {
      if (!draining || args[0] === 101 || this.headersSent) return writeHead.apply(this, args);
      const result = writeHead.apply(this, sayClose(this, args));
      if (this._last && isUploading(this.req)) closeAfterUpload(this);
      return result;
    };
  }

  function sayClose(response, args) {
    response.shouldKeepAlive = false;
    if (response.hasHeader('connection')) response.setHeader('Connection', 'close');
    const headers = args[args.length - 1];
    if (!headers || typeof headers !== 'object' || Array.isArray(headers)) return args;
    const names = Object.keys(headers).filter((name) => name.toLowerCase() === 'connection');
    if (names.length === 0) return args;
    const closing = Object.assign({}, headers);
    for (const name of names) closing[name] = 'close';
    return [...args.slice(0, -1), closing];
  }

  function isUploading(request) {
    return !request.complete && (Number(request.headers['content-length']) > 0 || 'transfer-encoding' in request.headers);
  }

  // closing while the client still sends would be a reset, and the answer lost
  function closeAfterUpload(response) {
    const { req: request, socket } = response;
    const end = () => {
      if (request.complete && response.writableFinished && socket) socket.end();
    };
    response._last = false;
    request.once('end', end);
    response.once('finish', end);
  }

  // an app with a handler of its own decides itself; ours vanishes first, for those who count the handlers
  function terminate() {
    process.removeListener('SIGTERM', terminate);
    if (process.listenerCount('SIGTERM') > 0) return;
    const deadline = Date.now() + (draining ? DRAINED_GRACE_MS : STOP_GRACE_MS);
    drain();
    servers.forEach((server) => server.close());
    const look = () => {
      if (Date.now() < deadline && isBusy()) setTimeout(look, 10);
      else die();
    };
    // one turn for what has arrived already
    setTimeout(look, 10);
  }

  function isBusy() {
    return sessions.size > 0 || [...sockets].some((socket) => socket._httpMessage);
  }

  function die() {
    process.kill(process.pid, 'SIGTERM');
    // the first process of a PID namespace has no default action
    setTimeout(() => process.exit(143), 100);
  }
})();
