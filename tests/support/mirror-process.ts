import { mirrorHere, type Order } from './attack-mirror.js';

/** A mirror for whoever forked this: says where it listens, then does as it is told, and ends with the one who tells it. */
const { url, pair, show, asked } = await mirrorHere();

async function obey(order: Order): Promise<unknown> {
  if (order === 'asked') return asked();
  await show(...order.show);
  return null;
}

process.on('message', (order: Order) => void obey(order).then((answer) => process.send?.(answer)));
process.on('disconnect', () => process.exit());
process.send?.({ url, pair });
