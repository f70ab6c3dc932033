// The image's HEALTHCHECK: asks the node on its own address whether it is well. Exits 0 when it is.
// Plain JavaScript, so that nothing else has to load.
import { get } from 'node:http';

const listen = process.env.TAMIZDAT_ADMIN_LISTEN || '127.0.0.1:8081';
// An address that means "all of them" is asked for on loopback.
const host = listen.replace(/^(?:0\.0\.0\.0|\[::\]):/, '127.0.0.1:');

get(`http://${host}/healthz`, { agent: false, timeout: 4_000 }, (answer) => {
  answer.pipe(process.stdout);
  process.exitCode = answer.statusCode === 200 ? 0 : 1;
})
  .on('timeout', function () {
    this.destroy(new Error('no answer within 4 s'));
  })
  .on('error', (error) => {
    console.error(`http://${host}/healthz: ${error.message}`);
    process.exitCode = 1;
  });
