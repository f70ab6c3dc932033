import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from './free-ports.js';

/**
 * A Tor network of its own on one address of this machine, for tests alone: three directory authorities that are relays too, three
 * relays, and one client. It knows nothing of the real network. The first answer through it takes about 40 s.
 */
export interface TorNetwork {
  /** `socks5://127.0.0.1:PORT` of the client. */
  socks: string;
  /** Lines of a torrc that make whoever has them a member, such as an onion service. */
  membership: readonly string[];
  /** Another member: these lines beside the membership, in a folder of its own, which `lines` is told. */
  join(name: string, lines: (folder: string) => readonly string[]): void;
  stop(): Promise<void>;
}

const AUTHORITIES = 3;
const RELAYS = 3;
/** How often the authorities agree on who is there; the real network takes an hour. */
const VOTING_SECONDS = 20;

/** `address`: where authorities and relays listen, for members that do not share this machine's loopback. */
export async function startTorNetwork(tor: string, address = '127.0.0.1'): Promise<TorNetwork> {
  const folder = mkdtempSync(join(tmpdir(), 'tamizdat-tor-'));
  const ports = await freePorts(2 * AUTHORITIES + RELAYS + 1, address);
  const take = (): number => ports.pop() ?? 0;
  const folderOf = (name: string): string => join(folder, name);
  const common = (name: string): string[] => {
    mkdirSync(folderOf(name), { mode: 0o700 });
    return [
      `DataDirectory ${folderOf(name)}`,
      'RunAsDaemon 0',
      `Log notice file ${join(folderOf(name), 'log')}`,
      'ShutdownWaitLength 0',
    ];
  };
  const relay = (name: string, port: number): string[] => [
    ...common(name),
    `Nickname ${name}`,
    `Address ${address}`,
    `ORPort ${address}:${port} IPv4Only`,
    'SocksPort 0',
    'ExitPolicy reject *:*',
    'AssumeReachable 1',
  ];

  const authorities = Array.from({ length: AUTHORITIES }, (_, index) => {
    const name = `auth${index + 1}`;
    const [port, directory] = [take(), take()];
    const lines = [...relay(name, port), `DirPort ${address}:${directory}`];
    const keys = join(folderOf(name), 'keys');
    mkdirSync(keys, { mode: 0o700 });
    spawnSync(
      'tor-gencert',
      [
        '--create-identity-key',
        '-m',
        '12',
        '-a',
        `${address}:${directory}`,
        '--passphrase-fd',
        '0',
        '-i',
        join(keys, 'authority_identity_key'),
        '-s',
        join(keys, 'authority_signing_key'),
        '-c',
        join(keys, 'authority_certificate'),
      ],
      { input: 'x\n' },
    );
    const v3ident = /^fingerprint (\S+)/m.exec(
      readFileSync(join(keys, 'authority_certificate'), 'utf8'),
    )?.[1];
    const torrc = join(folderOf(name), 'torrc');
    writeFileSync(torrc, lines.join('\n'));
    const listed = spawnSync(tor, [
      '--quiet',
      '-f',
      torrc,
      '--DirAuthority',
      `x v3ident=${v3ident} ${address}:${directory} ${'f'.repeat(40)}`,
      '--list-fingerprint',
    ]);
    const fingerprint = listed.stdout.toString().trim().split('\n').at(-1)?.split(' ').slice(1).join('');
    return {
      name,
      lines,
      line: `DirAuthority ${name} orport=${port} no-v2 v3ident=${v3ident} ${address}:${directory} ${fingerprint}`,
    };
  });
  const membership = [
    'TestingTorNetwork 1',
    'PathsNeededToBuildCircuits 0.67',
    'ServerDNSDetectHijacking 0',
    'ServerDNSTestAddresses',
    'ServerDNSAllowBrokenConfig 1',
    ...authorities.map(({ line }) => line),
  ];
  const voting = [
    'AuthoritativeDirectory 1',
    'V3AuthoritativeDirectory 1',
    'ContactInfo test',
    `TestingV3AuthInitialVotingInterval ${VOTING_SECONDS}`,
    'TestingV3AuthInitialVoteDelay 4',
    'TestingV3AuthInitialDistDelay 4',
    `V3AuthVotingInterval ${VOTING_SECONDS}`,
    'V3AuthVoteDelay 4',
    'V3AuthDistDelay 4',
    'V3AuthNIntervalsValid 3',
    'TestingDirAuthVoteExit *',
    'TestingDirAuthVoteHSDir *',
    'TestingDirAuthVoteGuard *',
    'TestingMinExitFlagThreshold 0',
    'MinUptimeHidServDirectoryV2 0',
  ];
  const children: ChildProcess[] = [];
  const start = (name: string, lines: readonly string[]): void => {
    const torrc = join(folderOf(name), 'torrc');
    writeFileSync(torrc, [...membership, ...lines, ''].join('\n'));
    children.push(spawn(tor, ['-f', torrc], { stdio: 'ignore' }));
  };
  for (const { name, lines } of authorities) start(name, [...lines, ...voting]);
  for (let number = 1; number <= RELAYS; number += 1)
    start(`relay${number}`, relay(`relay${number}`, take()));
  const socksPort = take();
  start('client', [...common('client'), `SocksPort 127.0.0.1:${socksPort}`]);
  return {
    socks: `socks5://127.0.0.1:${socksPort}`,
    membership,
    join: (name, lines) => start(name, [...common(name), 'SocksPort 0', ...lines(folderOf(name))]),
    stop: async () => {
      await Promise.all(
        children.map(
          (child) =>
            new Promise((resolve) => {
              child.once('exit', resolve);
              if (child.exitCode !== null) resolve(null);
              child.kill('SIGKILL');
            }),
        ),
      );
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** An onion service in front of `target`, and its address: 56 characters and `.onion`. */
export async function startOnionService(
  network: TorNetwork,
  target: { host: string; port: number },
): Promise<string> {
  let hostname = '';
  network.join('service', (folder) => {
    hostname = join(folder, 'onion', 'hostname');
    return [
      `HiddenServiceDir ${join(folder, 'onion')}`,
      `HiddenServicePort 80 ${target.host}:${target.port}`,
    ];
  });
  for (let tried = 0; tried < 600 && !existsSync(hostname); tried += 1)
    await new Promise((resolve) => setTimeout(resolve, 100));
  return readFileSync(hostname, 'utf8').trim();
}
