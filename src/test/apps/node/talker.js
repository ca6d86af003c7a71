'use strict';
// A server that talks. /say/N answers when it has written N numbered lines of 100 bytes, /exit/N and /kill/N end the process right after
// the last of them; the numbers go on from call to call.
const http = require('node:http');

let last = 0;

function say(count) {
  for (const end = last + count; last < end; ) console.log(String(++last).padStart(9, '0') + ' ' + '.'.repeat(89));
}

http
  .createServer((request, response) => {
    const [, verb, count] = request.url.split('/');
    if (verb === 'say') say(Number(count));
    response.end(`${process.env.NARY_WORKER}\n`);
    if (verb !== 'exit' && verb !== 'kill') return;
    response.on('finish', () => {
      say(Number(count));
      if (verb === 'exit') process.exit(3);
      else process.kill(process.pid, 'SIGKILL');
    });
  })
  .listen(Number(process.argv[2]));
