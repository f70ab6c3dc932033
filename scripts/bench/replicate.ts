import { run as follow } from './replicate-follow.js';
import { run as publish } from './replicate-publish.js';

/** `npm run bench replicate [ARTICLES] [publish|follow]`: what signing costs, and following. */
export async function run(args: string[]): Promise<void> {
  const articles = Number(args[0] ?? 100_000);
  if (args[1] !== 'follow') await publish(articles);
  if (args[1] !== 'publish') await follow(articles);
}
