import { run as publish } from './replicate-publish.js';

/** `npm run bench replicate [ARTICLES]`: what signing costs, and following. */
export async function run(args: string[]): Promise<void> {
  const articles = Number(args[0] ?? 100_000);
  await publish(articles);
}
