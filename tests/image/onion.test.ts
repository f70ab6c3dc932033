import { request, Socks5ProxyAgent } from 'undici';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeUnless } from '../support/tools.js';
import { startTorNetwork, type TorNetwork } from '../support/tor-network.js';
import { createStack, isLong, pageOf, podman, type Stack, until } from './stack.js';

const ARTICLE = '/demo-courier/a1102/';
const FEED = '/demo-courier/rss.xml';
/** A private Tor network is slow to agree on who is there. */
const PATIENCE_MS = 300_000;

describeUnless(
  isLong ? null : 'takes a minute, scripts/image-check --all runs it',
  'the image with the profile onion',
  () => {
    let stack: Stack;
    let network: TorNetwork;
    let agent: Socks5ProxyAgent;
    let onion: string;
    const get = async (path: string): Promise<string> => {
      const answer = await request(`http://${onion}${path}`, { dispatcher: agent });
      const text = await answer.body.text();
      if (answer.statusCode !== 200) throw new Error(`${path}: ${answer.statusCode}`);
      return text;
    };

    beforeAll(async () => {
      stack = createStack({});
      stack.up({ tamizdat: { command: ['serve', '--demo'] } });
      network = await startTorNetwork('tor', stack.gateway());
      agent = new Socks5ProxyAgent(network.socks);
      // After the image's own arguments and its torrc: the network it is in, and nothing else.
      const flags = network.membership.flatMap((line) => {
        const [key = '', ...value] = line.split(' ');
        return [`--${key}`, value.join(' ')];
      });
      stack.up({ onion: { command: flags } }, ['onion']);
      onion = await until('its name', async () =>
        stack.exec('onion', 'cat', '/var/lib/tor/tamizdat/hostname'),
      );
      await until('an answer', () => get('/'), PATIENCE_MS - 60_000);
      await until('the article in the feed', async () =>
        (await pageOf(FEED)).includes(ARTICLE) ? FEED : null,
      );
    }, PATIENCE_MS);
    afterAll(async () => {
      await agent?.destroy();
      await network?.stop();
      stack?.down();
    });

    it('carries front, article and feed through SOCKS, and every link stays on it', async () => {
      expect(await get('/')).toContain(ARTICLE.slice(1));
      expect(await get(ARTICLE)).toContain('<html');
      expect(await get(FEED)).toContain(`<link>http://${onion}${ARTICLE}</link>`);
    });

    it('keeps its address when the container is made anew', () => {
      stack.remove('onion');
      stack.up({}, ['onion']);
      expect(stack.exec('onion', 'cat', '/var/lib/tor/tamizdat/hostname')).toBe(onion);
    });

    it('opens no port, has no privilege, and says nothing of who asks', () => {
      expect(podman('port', stack.container('onion'))).toBe('');
      expect(stack.exec('onion', 'sh', '-c', 'id -un; grep CapEff /proc/1/status')).toMatch(
        /^debian-tor\nCapEff:\s+0{16}$/,
      );
      expect(stack.said('onion')).not.toContain(ARTICLE);
    });
  },
);
