import { spawnSync } from 'node:child_process';
import { rigsDir } from './rigs.js';
import { findTool } from './tools.js';

/** A censor's line in the kernel: readers stand in a namespace of their own, and all between them and this process passes it. */
export interface FreezingLine {
  title: string;
  /** The readers' network namespace. */
  readers: string;
  /** Two addresses of this process beyond the censor, whose port 443 it watches. */
  mirrors: readonly [string, string];
  /** Builds it; what it was that this machine refused, or null. */
  up(): string | null;
  down(): void;
}

/** What the line lets through of one connection from abroad, IP and TCP heads included: the reported "16 KB", the kernel's count. */
const FREEZE_BYTES = 16_384;

const run = (line: string): boolean => {
  const [program = '', ...args] = line.split(' ');
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0;
};

function lineOf(
  named: Pick<FreezingLine, 'title' | 'readers' | 'mirrors'>,
  setUp: readonly string[],
  takeDown: readonly string[],
): FreezingLine {
  const down = (): void => {
    for (const command of takeDown) run(command);
  };
  const up = (): string | null => {
    down();
    const refused = setUp.find((command) => !run(command)) ?? null;
    if (refused !== null) down();
    return refused;
  };
  return { ...named, up, down };
}

/** The way from this process to the readers, 198.51.100.0/24, by a link to the censor. */
const linkTo = (censor: string, net: string): string[] => [
  `ip link add tz-m0 type veth peer name tz-m1 netns ${censor}`,
  `ip -n ${censor} addr add ${net}.1/24 dev tz-m1`,
  `ip addr add ${net}.10/24 dev tz-m0`,
  `ip addr add ${net}.11/24 dev tz-m0`,
  `ip -n ${censor} link set tz-m1 up`,
  // Packets as a wire has them: the kernel would hand the censor a whole flight as one, with one head to count.
  'ip link set tz-m0 gso_max_segs 1',
  'ip link set tz-m0 up',
  `ip route add 198.51.100.0/24 via ${net}.1`,
];

/** Needs nothing but the kernel. */
export const ownLine = (): FreezingLine => {
  const [readers, censor] = ['tz-reader', 'tz-censor'];
  return lineOf(
    { title: 'a line that the kernel freezes', readers, mirrors: ['203.0.113.10', '203.0.113.11'] },
    [
      `ip netns add ${readers}`,
      `ip netns add ${censor}`,
      `ip link add tz-r0 netns ${readers} type veth peer name tz-r1 netns ${censor}`,
      `ip -n ${readers} addr add 198.51.100.2/24 dev tz-r0`,
      `ip -n ${censor} addr add 198.51.100.1/24 dev tz-r1`,
      `ip -n ${readers} link set tz-r0 up`,
      `ip -n ${censor} link set tz-r1 up`,
      `ip -n ${readers} route add default via 198.51.100.1`,
      ...linkTo(censor, '203.0.113'),
      `ip netns exec ${censor} sysctl -qw net.ipv4.ip_forward=1 net.netfilter.nf_conntrack_acct=1`,
      `ip netns exec ${censor} iptables -A FORWARD -p tcp -m connbytes --connbytes ${FREEZE_BYTES}: --connbytes-dir reply --connbytes-mode bytes -j DROP`,
    ],
    ['ip link del tz-m0', `ip netns del ${readers}`, `ip netns del ${censor}`],
  );
};

/** Another's model of the censor, which is not part of the repository; null where it is absent. */
export function rigLine(): FreezingLine | null {
  const rig = rigsDir();
  if (rig === null || findTool('nft') === null) return null;
  return lineOf(
    { title: "the rig's censor", readers: 'rigcli', mirrors: ['198.18.77.10', '198.18.77.11'] },
    [
      `bash ${rig}/censor/net.sh up`,
      ...linkTo('rigcen', '198.18.77'),
      `bash ${rig}/censor/mode.sh freeze16k`,
      'ip netns exec rigcen nft list table inet cen',
    ],
    ['ip link del tz-m0', `bash ${rig}/censor/net.sh down`],
  );
}
