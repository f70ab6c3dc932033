import { createHash } from 'node:crypto';
import type { TestDesk } from './test-desk.js';

/** Lines as long and as little alike as any other, of a kind that asks for no blob. */
export function addLines(desk: TestDesk, count: number): void {
  for (let line = 0; line < count; line += 1) {
    const c = createHash('sha256').update(String(desk.entries.length)).digest();
    const entry = {
      ...{ a: c.toString('base64url', 0, 16), c: c.toString('base64url'), n: 5_000 },
      ...{ o: 'z', t: desk.state.clock },
    };
    desk.appendRaw(Buffer.from(JSON.stringify(entry), 'utf8'), null);
  }
}
