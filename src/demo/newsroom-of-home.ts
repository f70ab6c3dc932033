import type { Publisher } from '../domain/publisher.js';
import { demoPublishers } from './demo-publishers.js';
import { diaryFile, readDiary } from './diary.js';

/** The newsroom that a demo's home mirrors, where its diary last saw it; null where the home is no demo's. `pair`: HOST:PORT. */
export function newsroomOfHome(home: string): { pair: string; publishers: Publisher[] } | null {
  const diary = readDiary(diaryFile(home));
  if (diary === null) return null;
  const pair = `127.0.0.1:${diary.port}`;
  return { pair, publishers: demoPublishers(`http://${pair}`) };
}
