import { renameSync, writeFileSync } from 'node:fs';
import { Server } from 'node:http';

// Loaded into the serving process by `node --import`, see answering.ts: how long it had each request in hand by the clock, from
// its head read to its answer written. Pages from memory and from the store are answered within that one call.
const times = [];
const { emit } = Server.prototype;

Server.prototype.emit = function timed(event, ...rest) {
  if (event !== 'request') return emit.call(this, event, ...rest);
  const startedAt = performance.now();
  const heard = emit.call(this, event, ...rest);
  times.push(performance.now() - startedAt);
  return heard;
};

// Asked for them, it writes down those since it was last asked. The file is there when it is whole.
process.on('SIGUSR2', () => {
  const file = process.env.BENCH_OWN_TIMES;
  writeFileSync(`${file}.part`, JSON.stringify(times.splice(0)));
  renameSync(`${file}.part`, file);
});
