const { readFileSync } = require('node:fs');
const tls = { key: readFileSync(process.env.KEY), cert: readFileSync(process.env.CERT) };
require('https').createServer(tls, (req, res) => res.end(`version=${process.env.VERSION} `)).listen(process.env.PORT);
