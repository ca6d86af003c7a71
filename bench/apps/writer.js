'use strict';
// writer.js FILE GO: when a line comes out of the FIFO GO, writes FILE to stdout by chunks of 64 KiB, and stays alive, as a
// server would.
const fs = require('node:fs');

const [file, go] = process.argv.slice(2);
if (process.env.NAUGHT_WORKER && process.send) process.send('online');
process.on('SIGTERM', () => process.exit(0));
process.on('SIGINT', () => process.exit(0));
if (process.send) process.on('message', (message) => { if (message === 'shutdown') process.exit(0); });
setInterval(() => {}, 1 << 30);
fs.readFile(go, () => fs.createReadStream(file).pipe(process.stdout));
