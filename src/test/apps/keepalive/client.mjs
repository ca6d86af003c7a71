// Asks the URL over and over with fetch until its input ends, then says how often: answered, failed, first failure.
let running = true;
let answered = 0;
let failed = 0;
let first = '';
process.stdin.on('end', () => { running = false; }).resume();

async function ask(pause) {
  while (running) {
    try {
      const answer = await fetch(process.argv[2]);
      const text = await answer.text();
      if (answer.status !== 200 || !text.startsWith('version=v')) throw new Error(`answer ${answer.status}`);
      answered++;
    } catch (e) {
      failed++;
      first ||= `${e} ${e.cause}`;
    }
    await new Promise((done) => setTimeout(done, pause));
  }
}

await Promise.all(Array.from({ length: 24 }, (_, i) => ask(i * 4)));
console.log(`${answered} ${failed} ${first}`);
