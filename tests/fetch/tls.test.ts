import { describe, expect, it } from 'vitest';
import type { FetchOutcome } from '../../src/domain/fetch-outcome.js';
import { SMALL_FEED, send, startHostileServer, tlsFixture } from '../support/hostile-server.js';
import { PUBLIC, pretendInternet, testFetcher } from './support.js';

async function fetchOver(
  certificates: readonly string[],
  ca: readonly string[],
  host = 'feed.test',
): Promise<FetchOutcome> {
  const server = await startHostileServer({ '/feed': send(SMALL_FEED) }, { certificates });
  const { deps } = pretendInternet(() => [PUBLIC]);
  const fetcher = testFetcher({}, { ...deps, ca: ca.map(tlsFixture) });
  try {
    return await fetcher.get(server.url('/feed', host), { hosts: [host] });
  } finally {
    await fetcher.close();
    await server.close();
  }
}

describe('TLS', () => {
  it('fetches over a complete chain', async () => {
    expect(await fetchOver(['leaf.pem', 'intermediate.pem'], ['root.pem'])).toMatchObject({
      kind: 'fetched',
    });
  });

  it('says what to do where the server leaves out its intermediate certificate, and that helps', async () => {
    expect(await fetchOver(['leaf.pem'], ['root.pem'])).toMatchObject({
      kind: 'failed',
      reason: 'tls',
      detail: expect.stringMatching(/intermediate certificate.*NODE_EXTRA_CA_CERTS/),
    });
    expect(await fetchOver(['leaf.pem'], ['root.pem', 'intermediate.pem'])).toMatchObject({
      kind: 'fetched',
    });
  });

  it.each([
    ['self-signed', ['self-signed.pem'], 'feed.test', /self-signed/],
    ['expired', ['expired.pem', 'intermediate.pem'], 'feed.test', /expired/],
    ['for another name', ['leaf.pem', 'intermediate.pem'], 'elsewhere.test', /another name/],
  ])('refuses a certificate that is %s', async (_what, certificates, host, detail) => {
    expect(await fetchOver(certificates, ['root.pem'], host)).toMatchObject({
      kind: 'failed',
      reason: 'tls',
      detail: expect.stringMatching(detail),
    });
  });

  it('fails with tls where the server speaks plain http', async () => {
    const server = await startHostileServer({ '/feed': send(SMALL_FEED) });
    const fetcher = testFetcher({}, pretendInternet(() => [PUBLIC]).deps);
    expect(await fetcher.get(`https://feed.test:${server.port}/feed`)).toMatchObject({
      kind: 'failed',
      reason: 'tls',
    });
    await fetcher.close();
    await server.close();
  });
});
