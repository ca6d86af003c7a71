const http = require('http');
http.createServer((req, res) => res.end(`version=${process.env.VERSION} `)).listen(process.env.PORT);
