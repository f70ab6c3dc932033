import { describe, expect, it } from 'vitest';
import { loadConfig, loadSettings } from '../../src/config/load.js';
import { UsageError } from '../../src/domain/errors.js';

type Given = { flags?: Record<string, string>; env?: Record<string, string>; files?: Record<string, string> };

const inputs = ({ flags = {}, env = {}, files = {} }: Given) => ({
  argvFlags: flags,
  env,
  readFile: (path: string) => {
    const text = files[path];
    if (text !== undefined) return text;
    throw Object.assign(new Error(`ENOENT: no such file or directory, open '${path}'`), { code: 'ENOENT' });
  },
});

const load = (given: Given) => loadConfig(inputs(given));
const fromFile = (text: string) => load({ flags: { config: 'c.yaml' }, files: { 'c.yaml': text } });

function refusal(given: Given): string {
  try {
    load(given);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  throw new Error('it was accepted');
}
const refusalOf = (text: string) => refusal({ flags: { config: 'c.yaml' }, files: { 'c.yaml': text } });

describe('what is in force', () => {
  it('takes a section in which nothing is set for one that is left out', () => {
    expect(fromFile('fetch:\n  # timeout: 9s\n').fetch.timeoutMs).toBe(15_000);
  });

  it('says of a key without a value that it is null, not its default', () => {
    expect(refusalOf('publishers:\n')).toMatch(/^publishers is null; allowed: /);
  });

  it('needs no file, no variable and no flag', () => {
    const config = load({});
    expect(config.publishers).toEqual(['moscow-times', 'moscow-times-ru']);
    expect(config.listen).toEqual({ host: '127.0.0.1', port: 8080 });
    expect(config.line).toMatchObject({
      bodyBytes: 8192,
      headerBytes: 700,
      freezeBytes: 12_288,
      packets: 25,
    });
    expect(config.tls).toBeNull();
  });

  it('gives durations in milliseconds and sizes in bytes', () => {
    const config = fromFile('fetch: { timeout: 10s, maxFeedBytes: 64KiB }\nsync: { recheck: [1h, 2d] }');
    expect(config.fetch.timeoutMs).toBe(10_000);
    expect(config.fetch.maxFeedBytes).toBe(65_536);
    expect(config.sync.recheckMs).toEqual([3_600_000, 172_800_000]);
  });

  it('lets the environment win over the file and a flag over both', () => {
    const files = { 'c.yaml': 'listen: 127.0.0.1:1\nsite: { name: From the file, language: ru }' };
    const env = {
      TAMIZDAT_CONFIG: 'c.yaml',
      TAMIZDAT_LISTEN: '127.0.0.1:2',
      TAMIZDAT_SITE_NAME: 'From outside',
    };
    expect(load({ files, env: { TAMIZDAT_CONFIG: 'c.yaml' } }).listen.port).toBe(1);
    expect(load({ files, env }).listen.port).toBe(2);
    expect(load({ files, env }).site).toMatchObject({ name: 'From outside', language: 'ru' });
    expect(load({ files, env, flags: { listen: '[::1]:3' } }).listen).toEqual({ host: '::1', port: 3 });
  });

  it('reads lists, numbers and switches from variables named after camel-case keys', () => {
    const config = load({
      env: {
        TAMIZDAT_PUBLISHERS: 'meduza, verstka',
        TAMIZDAT_SYNC_MAX_PAGES_PER_PASS: '7',
        TAMIZDAT_SITE_TITLE_NAMES_PUBLISHER: 'true',
        TAMIZDAT_SYNC_RECHECK: '1h,2h',
      },
    });
    expect(config.publishers).toEqual(['meduza', 'verstka']);
    expect(config.sync.maxPagesPerPass).toBe(7);
    expect(config.site.titleNamesPublisher).toBe(true);
    expect(config.sync.recheckMs).toEqual([3_600_000, 7_200_000]);
  });

  it('takes <home>/config.yaml where no file is named, and an empty variable as not set', () => {
    const files = { 'state/config.yaml': 'site: { name: Of the home }' };
    const config = load({ files, env: { TAMIZDAT_HOME: 'state', TAMIZDAT_LISTEN: '' } });
    expect(config.site.name).toBe('Of the home');
    expect(config.home.endsWith('/state')).toBe(true);
  });

  it('cannot be changed by a room that reads it', () => {
    const config = load({});
    expect(() => Object.assign(config.fetch, { timeoutMs: 1 })).toThrow(TypeError);
    expect(() => Object.assign(config.publishers, { 0: 'x' })).toThrow(TypeError);
  });

  it('leaves variables of the tests alone', () => {
    expect(() => load({ env: { TAMIZDAT_TEST_X: '1', TAMIZDAT_CORPUS: '/x', PATH: '/bin' } })).not.toThrow();
  });
});

describe('one clear message', () => {
  it.each([
    [
      'fetch: { timeoutt: 3s }',
      'fetch.timeoutt is "3s", but there is no such key; did you mean fetch.timeout? (c.yaml)',
    ],
    ['snyc: {}', 'snyc is {}, but there is no such key; did you mean sync? (c.yaml)'],
    [
      'fetch: { timeout: 10 parsecs }',
      'fetch.timeout is "10 parsecs"; allowed: a duration from 1s to 5m, with a unit: ms, s, m, h or d (c.yaml)',
    ],
    [
      'fetch: { timeout: 15 }',
      'fetch.timeout is 15; allowed: a duration from 1s to 5m, with a unit: ms, s, m, h or d (c.yaml)',
    ],
    ['fetch: { timeout: 9m }', 'fetch.timeout is "9m"; allowed: a duration from 1s to 5m'],
    [
      'line: { bodyBytes: 8k }',
      'line.bodyBytes is "8k"; allowed: a size from 2048B to 1MiB, with a unit: B, kB',
    ],
    ['listen: 8080', 'listen is 8080; allowed: HOST:PORT, such as 127.0.0.1:8080 or [::1]:8080 (c.yaml)'],
    ['listen: a.example:70000', 'listen is "a.example:70000"; allowed: HOST:PORT'],
    ['publishers: [meduza, About]', 'publishers[1] is "About"; allowed: a list of publisher ids (c.yaml)'],
    ['http: { edge: sideways }', 'http.edge is "sideways"; allowed: direct, proxied (c.yaml)'],
    [
      'sync: { cron: "61 * * * *" }',
      'sync.cron is "61 * * * *"; allowed: five cron fields such as */10 * * * *',
    ],
    ['sync: 5', 'sync is 5; allowed: keys cron, jitter, concurrency'],
    [
      'site: { urls: [news.example] }',
      'site.urls[0] is "news.example"; allowed: a list of absolute http(s) URLs',
    ],
    [
      'tls: { cert: a.pem }',
      'tls.key is null: tls.cert and tls.key are set together or not at all (default)',
    ],
    [
      'staleness: { quietAfter: 80h }',
      'staleness.silentAfter is "72h": it must be longer than staleness.quietAfter',
    ],
    ['- a list', 'c.yaml is ["a list"]; allowed: keys and sections'],
    ['site: { name: a, name: b }', 'c.yaml is not YAML: Map keys must be unique'],
  ])('says what is wrong with %s', (text, message) => {
    expect(refusalOf(text)).toContain(message);
  });

  it('names every wrong key at once', () => {
    expect(refusalOf('listen: x\nhttp: { edge: y }').split('\n')).toHaveLength(2);
  });

  it('names the variable that a wrong value came from', () => {
    expect(refusal({ env: { TAMIZDAT_SITE_NOINDEX: 'yes' } })).toBe(
      'site.noindex is "yes"; allowed: true or false (environment TAMIZDAT_SITE_NOINDEX)',
    );
  });

  it('names a variable that stands for no key', () => {
    expect(refusal({ env: { TAMIZDAT_FETCH_TIMEOT: '3s' } })).toBe(
      'TAMIZDAT_FETCH_TIMEOT (environment) stands for no key; did you mean TAMIZDAT_FETCH_TIMEOUT?',
    );
  });

  it('names the flag that a wrong value came from', () => {
    expect(refusal({ flags: { listen: 'nowhere' } })).toContain('(flag --listen)');
  });

  it('says which file cannot be read', () => {
    expect(refusal({ flags: { config: '/absent.yaml' } })).toContain('/absent.yaml cannot be read: ENOENT');
  });
});

describe('secrets', () => {
  const route = 'http://mole:hun%40ter2@proxy.example:3128/';

  it('come from <home>/secrets.yaml and are covered where settings are shown', () => {
    const files = { 'data/state/secrets.yaml': `fetch: { route: "${route}" }` };
    const { config, settings } = loadSettings(inputs({ files }));
    expect(config.fetch.route).toBe(route);
    expect(settings.find(({ key }) => key === 'fetch.route')).toEqual({
      key: 'fetch.route',
      value: 'http://***@proxy.example:3128/',
      origin: 'data/state/secrets.yaml',
    });
    expect(JSON.stringify(settings)).not.toContain('hun%40ter2');
  });

  it('are not repeated by the message that refuses them', () => {
    const message = refusalOf('fetch: { route: "mole:hunter2@proxy", rout: "http://mole:hunter2@proxy/" }');
    expect(message).toContain('fetch.route is (not shown)');
    expect(message).not.toContain('hunter2');
  });

  it('are the only thing that secrets.yaml may hold', () => {
    const message = refusal({ files: { 'data/state/secrets.yaml': 'site: { name: x }' } });
    expect(message).toBe(
      'site.name (data/state/secrets.yaml) is no secret; allowed: follow.route, fetch.route, admin.token, alerts.smtp',
    );
  });
});
