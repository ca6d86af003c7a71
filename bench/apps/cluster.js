'use strict';
// cluster.js WORKERS SCRIPT [ARGS…]: a small master of Node's own cluster, as users write it. SIGHUP: all new workers at once; when all
// listen, the old ones disconnect, and are killed after 5 s. A worker that dies is replaced. Prints "reloaded N" after each reload.
const cluster = require('node:cluster');

const [count, script, ...args] = process.argv.slice(2);
cluster.setupPrimary({ exec: script, args });
let serving = [];
let reloads = 0;
let isReloading = false;

function fork() {
  const worker = cluster.fork();
  worker.once('exit', () => {
    if (!serving.includes(worker)) return;
    serving = serving.filter((it) => it !== worker);
    serving.push(fork());
  });
  return worker;
}

function generation() {
  return Array.from({ length: Number(count) }, fork);
}

function retire(worker) {
  const kill = setTimeout(() => worker.process.kill('SIGKILL'), 5000);
  return new Promise((resolve) => {
    worker.once('exit', () => { clearTimeout(kill); resolve(); });
    worker.disconnect();
  });
}

async function reload() {
  if (isReloading) return;
  isReloading = true;
  const next = generation();
  await Promise.all(next.map((worker) => new Promise((resolve) => worker.once('listening', resolve))));
  const old = serving;
  serving = next;
  await Promise.all(old.map(retire));
  isReloading = false;
  console.log(`reloaded ${++reloads}`);
}

serving = generation();
process.on('SIGHUP', reload);
process.on('SIGTERM', () => { for (const worker of serving) worker.process.kill('SIGKILL'); process.exit(0); });
