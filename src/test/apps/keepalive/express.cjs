const app = require('express')();
app.get('/', (req, res) => res.send(`version=${process.env.VERSION} `));
app.listen(process.env.PORT);
