/** `npm run bench` runs every measurement, `npm run bench NAME [args]` one. A benchmark measures; it asserts nothing. */
interface Bench {
  run(args: string[]): Promise<void>;
}

const BENCHES: Readonly<Record<string, () => Promise<Bench>>> = {
  feeds: () => import('./bench/feeds.js'),
  extract: () => import('./bench/extract.js'),
  budget: () => import('./bench/budget.js'),
  sync: () => import('./bench/sync.js'),
  serve: () => import('./bench/serve.js'),
  replicate: () => import('./bench/replicate.js'),
  search: () => import('./bench/search.js'),
  scale: () => import('./bench/scale.js'),
};

const [name, ...args] = process.argv.slice(2);
const chosen = name === undefined ? Object.keys(BENCHES) : [name];
for (const each of chosen) {
  const load = BENCHES[each];
  if (load === undefined) {
    console.error(`There is no bench "${each}". There are: ${Object.keys(BENCHES).join(', ')}.`);
    process.exitCode = 2;
    break;
  }
  console.log(`\n# ${each}`);
  await (await load()).run(args);
}
