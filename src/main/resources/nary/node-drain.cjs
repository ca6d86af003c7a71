'use strict';
// Loaded by nary into every Node process of an app, before the app. While its worker drains, each answer closes its connection, so that
// clients move on to the next version without a lost request. A process that serves no HTTP is left alone, and so are the signals;
// nothing here may fail the app; but what it writes to nary's pipes it writes at once, as it would to a file. What nary says on its line: "drain", "serve" (called back), "close" (answered by "closed"), "shutdown N".
(() => {
  const env = process.env;
  const loaded = Symbol.for('nary.drain');
  if (!env.NARY_DRAIN_SOCKET || !env.NARY_ID || process[loaded]) return;
  process[loaded] = true;

  const GOAWAY_GRACE_MS = 1000;
  const LAST_STREAM = 0x7fffffff;
  const net = require('net');
  const servers = new Set();
  const sessions = new Set();
  let draining = false;
  let joined = false;
  let hooked = false;

  // the process that has the channel to nary; its children may have channels of their own
  const hasChannel = Boolean(env.NARY_CHANNEL && process.connected);
  const listening = new Set();
  let closing = false;
  // a worker of naught's stays until its channel ends, whatever its own part does, and listens no longer
  if (env.NARY_CHANNEL === 'naught') {
    if (hasChannel) process.once('disconnect', () => setImmediate(closeListening));
    else closing = true;
  }
  delete env.NARY_CHANNEL;

  // What a full pipe does not take Node keeps, and throws away at process.exit(): wait for the pipe instead, as other programs do. Not for
  // the sockets that a parent of Node's has put there.
  function writeAtOnce(name, descriptor) {
    const lazy = Object.getOwnPropertyDescriptor(process, name);
    if (!lazy || !lazy.get || !lazy.configurable) return;
    const get = () => {
      Object.defineProperty(process, name, lazy);
      const stream = lazy.get.call(process);
      const handle = stream && stream._handle;
      try {
        if (handle && typeof handle.setBlocking === 'function' && require('fs').fstatSync(descriptor).isFIFO()) handle.setBlocking(true);
      } catch {
        // as it is without nary
      }
      return stream;
    };
    Object.defineProperty(process, name, Object.assign({}, lazy, { get }));
  }
  writeAtOnce('stdout', 1);
  writeAtOnce('stderr', 2);

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
    if (hasChannel) follow(listening, server);
    if (closing) server.once('listening', () => server.close());
    if (servers.has(server) || !isHttp2 && typeof server.closeIdleConnections !== 'function') return;
    follow(servers, server);
    if (isHttp2) server.on('session', followSession);
    join();
  }

  function follow(set, member) {
    if (set.has(member)) return;
    set.add(member);
    member.once('close', () => set.delete(member));
  }

  function followSession(session) {
    follow(sessions, session);
    if (draining) session.once('stream', () => leave(session));
  }

  function join() {
    if (joined) return;
    joined = true;
    const line = net.connect(env.NARY_DRAIN_SOCKET);
    line.unref();
    line.on('error', () => {});
    line.setEncoding('latin1');
    let rest = '';
    line.on('data', (text) => {
      const words = (rest + text).split('\n');
      rest = words.pop();
      for (const word of words) hear(word, line);
    });
    line.write(env.NARY_ID + '\n');
  }

  function hear(word, line) {
    if (word === 'drain') drain();
    else if (word === 'serve') draining = false;
    else if (word === 'close') closeIdle(line);
    else if (hasChannel && word.startsWith('shutdown ')) shutDown(Number(word.split(' ')[1]));
  }

  function drain() {
    draining = true;
    if (!hooked) hookAnswers(require('http').ServerResponse.prototype);
    hooked = true;
    sessions.forEach(leave);
  }

  // a turn of its own: what has arrived by now is read first, and its connection is not idle
  function closeIdle(line) {
    setImmediate(() => {
      for (const server of servers) if (server.closeIdleConnections) server.closeIdleConnections();
      line.write('closed\n');
    });
  }

  // The app has been told on the channel, which ends then. Afterwards a server is closed for it, so that a process that does nothing else
  // ends by itself. An app that does not listen there expects the signal.
  function shutDown(signal) {
    if (process.listenerCount('message') === 0) process.kill(process.pid, signal);
    else if (process.connected) process.once('disconnect', () => setImmediate(closeListening));
    else setImmediate(closeListening);
  }

  function closeListening() {
    closing = true;
    for (const server of listening) server.close();
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
    if (!headers || typeof headers !== 'object') return args;
    return [...args.slice(0, -1), Array.isArray(headers) ? closingList(headers) : closingObject(headers)];
  }

  function closingObject(headers) {
    const closing = Object.assign({}, headers);
    for (const name of Object.keys(closing)) if (isConnection(name)) closing[name] = 'close';
    return closing;
  }

  // [name, value, name, value…] or, in older versions of Node, [[name, value]…]
  function closingList(headers) {
    if (Array.isArray(headers[0])) return headers.map(([name, value]) => [name, isConnection(name) ? 'close' : value]);
    return headers.map((each, i) => (i % 2 === 1 && isConnection(headers[i - 1]) ? 'close' : each));
  }

  function isConnection(name) {
    return String(name).toLowerCase() === 'connection';
  }

  function isUploading(request) {
    return request && request.headers && !request.complete && (Number(request.headers['content-length']) > 0 || 'transfer-encoding' in request.headers);
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

  if (hasChannel) {
    try {
      join();
    } catch (e) {
      process.emitWarning(`nary cannot tell this process to shut down: ${e && e.message}`);
    }
  }
})();
