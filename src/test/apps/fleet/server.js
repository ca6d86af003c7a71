// A server of a fleet's test: says which release it is. Its port, and whether it is broken here, are told by files.
const fs = require('node:fs')
const http = require('node:http')
const path = require('node:path')

const home = process.env.HOME
const release = process.env.NARY_RELEASE
const name = path.basename(path.dirname(home))
const isBroken = fs.existsSync(`broken-${name}`)

const server = http.createServer((request, response) => {
  if (request.url === '/monitor.htm') response.statusCode = isBroken || !fs.existsSync(`${home}/monitor.htm`) ? 503 : 200
  else if (isBroken) response.statusCode = 500
  response.end(`version=${release} worker=${process.pid}\n`)
})
server.listen(Number(fs.readFileSync(`${home}/port`, 'utf8')), '0.0.0.0')
process.on('SIGTERM', () => server.close(() => process.exit(0)))
