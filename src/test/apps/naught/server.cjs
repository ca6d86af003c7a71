'use strict';
// An app for naught: what it does is chosen by its environment.
const { env } = process;
const http = require('http');
let hangs = Boolean(env.HANG);

const server = http.createServer((request, response) => {
  if (request.url === '/crash') process.exit(9);
  if (request.url === '/offline') process.send('offline');
  if (request.url === '/env') response.end(JSON.stringify(process.env));
  else response.end(`version=${env.VERSION} worker=${env.NAUGHT_WORKER} pid=${process.pid} args=${process.argv.slice(2)} node=${process.execArgv} `);
});

if (env.DEAF) process.on('SIGTERM', () => console.error('deaf'));
if (env.DIE) throw new Error('no way');
if (hangs) setInterval(() => {}, 1000);
process.on('message', (message) => {
  if (message === 'shutdown') console.log('told to shut down');
});
server.listen(Number(env.PORT), () => {
  console.log(`listening ${env.VERSION}`);
  if (!env.SILENT) process.send('online');
  else setInterval(() => {}, 1000);
});
