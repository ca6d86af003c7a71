import Fastify from 'fastify';
const app = Fastify();
// a header of the app's own does not keep a draining worker's connections
app.get('/', (req, reply) => reply.header('Connection', 'keep-alive').send(`version=${process.env.VERSION} `));
await app.listen({ port: Number(process.env.PORT), host: '0.0.0.0' });
