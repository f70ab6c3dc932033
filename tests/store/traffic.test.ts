import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { TrafficDay } from '../../src/domain/traffic.js';
import { recentTraffic } from '../../src/store/recent-traffic.js';
import { openStore } from '../../src/store/store.js';
import { indexText } from '../../src/store/tokenizer.js';
import { readTrafficFile, trafficFile, writeTrafficFile } from '../../src/store/traffic-file.js';

const home = mkdtempSync(join(tmpdir(), 'tamizdat-traffic-'));
const store = openStore(join(home, 'tamizdat.sqlite'), { tokenizer: { indexText } });
afterAll(() => {
  store.close();
  rmSync(home, { recursive: true, force: true });
});

const day = (name: string, bytes: number): TrafficDay => ({
  day: name,
  bytes,
  answers: { '2xx': bytes, '3xx': 0, '4xx': 0, '5xx': 1 },
});

describe('what serving cost', () => {
  it('is kept by day, and an older record takes nothing back', () => {
    store.traffic.take([day('2026-11-01', 5), day('2026-11-02', 9)]);
    store.traffic.take([day('2026-11-02', 7)]);
    expect(store.traffic.since('2026-11-01')).toEqual([day('2026-11-01', 5), day('2026-11-02', 9)]);
    expect(store.traffic.since('2026-11-02')).toEqual([day('2026-11-02', 9)]);
  });

  it('is the table with what the serving process wrote since', () => {
    writeTrafficFile(trafficFile(home), [day('2026-11-02', 12), day('2026-11-03', 1)]);
    expect(recentTraffic(store, home, '2026-11-02')).toEqual([day('2026-11-02', 12), day('2026-11-03', 1)]);
  });

  it('survives a file that holds something else', () => {
    for (const contents of ['', 'null', '{"days":[{"day":"2026-11-02","bytes":-4}]}', '{"days":[']) {
      writeFileSync(trafficFile(home), contents);
      expect(readTrafficFile(trafficFile(home)), contents).toEqual([]);
    }
  });
});
