import { execFile, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Listening, listen } from '../../src/serve/listen.js';
import { createDemoNode, type DemoNode } from '../support/demo-node.js';
import { describeUnless } from '../support/tools.js';

const run = promisify(execFile);
const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/tls-ec/${name}`, import.meta.url));

/** The mirror stands here; the reader behind a line of its own, and everything between them passes the censor. */
const MIRROR = '203.0.113.10';
const [READER, CENSOR] = ['tz-reader', 'tz-censor'];
/** What the line lets through of one connection from abroad, IP and TCP heads included: the reported "16 KB", the kernel's count. */
const FREEZE_BYTES = 16_384;

const SET_UP = [
  `ip netns add ${READER}`,
  `ip netns add ${CENSOR}`,
  `ip link add tz-r0 netns ${READER} type veth peer name tz-r1 netns ${CENSOR}`,
  `ip link add tz-m0 type veth peer name tz-m1 netns ${CENSOR}`,
  `ip -n ${READER} addr add 198.51.100.2/24 dev tz-r0`,
  `ip -n ${CENSOR} addr add 198.51.100.1/24 dev tz-r1`,
  `ip -n ${CENSOR} addr add 203.0.113.1/24 dev tz-m1`,
  `ip addr add ${MIRROR}/24 dev tz-m0`,
  `ip -n ${READER} link set tz-r0 up`,
  `ip -n ${CENSOR} link set tz-r1 up`,
  `ip -n ${CENSOR} link set tz-m1 up`,
  'ip link set tz-m0 up',
  `ip -n ${READER} route add default via 198.51.100.1`,
  `ip route add 198.51.100.0/24 via 203.0.113.1`,
  `ip netns exec ${CENSOR} sysctl -qw net.ipv4.ip_forward=1 net.netfilter.nf_conntrack_acct=1`,
  `ip netns exec ${CENSOR} iptables -A FORWARD -p tcp -m connbytes --connbytes ${FREEZE_BYTES}: --connbytes-dir reply --connbytes-mode bytes -j DROP`,
];
const TAKE_DOWN = [`ip netns del ${READER}`, `ip netns del ${CENSOR}`, 'ip link del tz-m0'];

const command = (line: string): boolean => {
  const [program = '', ...args] = line.split(' ');
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0;
};

/** Null where this machine lets us build the line; it is then there. */
function whyNot(): string | null {
  if (process.env.TAMIZDAT_TEST_STRICT !== '1') return 'builds network namespaces, scripts/test runs it';
  if (process.getuid?.() !== 0) return 'only root may make network namespaces';
  for (const line of TAKE_DOWN) command(line);
  const failed = SET_UP.find((line) => !command(line));
  if (failed === undefined) return null;
  for (const line of TAKE_DOWN) command(line);
  return `this machine refuses: ${failed}`;
}

describeUnless(whyNot(), 'behind a line that the kernel freezes', () => {
  let node: DemoNode;
  let mirror: Listening;
  let heavy: Listening;

  beforeAll(async () => {
    const tls = { cert: fixture('chain.pem'), key: fixture('server.key') };
    node = await createDemoNode({ languages: ['en'] });
    mirror = await listen(node.readers.app, { host: MIRROR, port: 443 }, tls, node.readers.door);
    heavy = await listen(
      { fetch: () => new Response(randomBytes(20_000)) },
      { host: MIRROR, port: 8443 },
      tls,
    );
  }, 300_000);
  afterAll(async () => {
    await mirror?.close(500);
    await heavy?.close(500);
    await node?.close();
    for (const line of TAKE_DOWN) command(line);
  });

  /** What curl gets on a connection of its own, in the reader's namespace: the status, and the bytes on the wire. */
  const read = async (path: string, port = 443) => {
    const url = `https://mirror-a.test:${port}${path}`;
    const resolve = `mirror-a.test:${port}:${MIRROR}`;
    const args = ['-s', '-o', '/dev/null', '-H', 'Accept-Encoding: br', '--cacert', fixture('root.pem')];
    const { stdout } = await run(
      'ip',
      // curl ends with an error where the line froze; what it got by then it says all the same.
      [
        'netns',
        'exec',
        READER,
        'curl',
        ...args,
        '--resolve',
        resolve,
        '--max-time',
        '8',
        '-w',
        '%{http_code} %{size_download} %{exitcode}',
        url,
      ],
    ).catch((error: { stdout: string }) => error);
    const [status, bytes, exit] = stdout.split(' ').map(Number);
    return { status, bytes, whole: exit === 0 };
  };

  it('freezes an answer of 20,000 bytes, or it would show nothing', async () => {
    const answer = await read('/', heavy.port);
    expect(answer.whole).toBe(false);
    expect(answer.bytes).toBeLessThan(FREEZE_BYTES);
  });

  it('front, article, its second part, section and feed arrive whole, five in a row', async () => {
    for (const path of [
      '/',
      '/demo-courier/a1102/',
      '/demo-courier/a1102/p2/',
      '/demo-courier/s/reading/',
      '/demo-courier/rss.xml',
    ])
      expect([path, await read(path)]).toEqual([
        path,
        { status: 200, bytes: expect.any(Number), whole: true },
      ]);
  });
});
