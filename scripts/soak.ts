import { runSoak } from './soak/run-soak.js';

/** `npm run soak [MINUTES]`: two nodes under load and faults. Exit code 1 where anything was lost, broke, or grew. */
const minutes = Number(process.argv[2] ?? 10);
if (!(minutes > 0)) {
  console.error('How many minutes? Such as: npm run soak 10');
  process.exit(2);
}
console.log(
  `${minutes} minutes: a publisher that dies, a disk that fills, one node killed every 20 s, one that lives`,
);
const figures = await runSoak({
  seconds: minutes * 60,
  killEveryMs: 20_000,
  publishEveryMs: 4_000,
  faultEveryMs: 30_000,
  requestsPerSecond: 20,
  say: console.log,
});
const [before, after] = figures.memoryMB;
if (after > before * 1.25 + 10) figures.wrong.push(`memory grew from ${before} to ${after} MB`);
const [files, filesAfter] = figures.openFiles;
if (filesAfter > files + 5) figures.wrong.push(`open files grew from ${files} to ${filesAfter}`);
console.log(`
articles published                    ${figures.published}
kill -9 of the whole node             ${figures.kills}
times the publisher was dead          ${figures.faults.upstream}
times the disk was full               ${figures.faults.disk ?? 'not possible here'}
answers                               ${figures.answers.ok}
asked while it was down               ${figures.answers.unanswered}
memory of the one that lives, MB      ${before} in the first third, ${after} in the last
its open files                        ${files}, ${filesAfter}
wrong                                 ${figures.wrong.length}`);
for (const what of figures.wrong) console.log(`  ${what}`);
process.exitCode = figures.wrong.length === 0 ? 0 : 1;
