import { createServer } from 'node:http';
createServer((req, res) => res.end(`version=${process.env.VERSION} `)).listen(process.env.PORT);
