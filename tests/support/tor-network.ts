import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A Tor network of its own on loopback, for tests alone: three directory authorities that are relays too, three relays, one onion
 * service and one client. It knows nothing of the real network. The first answer through it takes about 40 s.
 */
export interface TorNetwork {
  /** 56 characters and `.onion`. */
  onion: string;
  /** `socks5://127.0.0.1:PORT` of the client. */
  socks: string;
  stop(): Promise<void>;
}

const AUTHORITIES = 3;
const RELAYS = 3;
/** How often the authorities agree on who is there; the real network takes an hour. */
const VOTING_SECONDS = 20;

export async function startTorNetwork(
  tor: string,
  target: { host: string; port: number },
): Promise<TorNetwork> {
  const folder = mkdtempSync(join(tmpdir(), 'tamizdat-tor-'));
  const ports = await freePorts(2 * AUTHORITIES + RELAYS + 1);
  const take = (): number => ports.pop() ?? 0;
  const folderOf = (name: string): string => join(folder, name);
  const common = (name: string): string[] => {
    mkdirSync(folderOf(name), { mode: 0o700 });
    return [
      'TestingTorNetwork 1',
      `DataDirectory ${folderOf(name)}`,
      'RunAsDaemon 0',
      `Log notice file ${join(folderOf(name), 'log')}`,
      'ShutdownWaitLength 0',
      'PathsNeededToBuildCircuits 0.67',
      'ServerDNSDetectHijacking 0',
      'ServerDNSTestAddresses',
      'ServerDNSAllowBrokenConfig 1',
    ];
  };
  const relay = (name: string, port: number): string[] => [
    ...common(name),
    `Nickname ${name}`,
    'Address 127.0.0.1',
    `ORPort ${port} IPv4Only`,
    'SocksPort 0',
    'ExitPolicy reject *:*',
    'AssumeReachable 1',
  ];

  const authorities = Array.from({ length: AUTHORITIES }, (_, index) => {
    const name = `auth${index + 1}`;
    const [port, directory] = [take(), take()];
    const lines = [...relay(name, port), `DirPort ${directory}`];
    const keys = join(folderOf(name), 'keys');
    mkdirSync(keys, { mode: 0o700 });
    spawnSync(
      'tor-gencert',
      [
        '--create-identity-key',
        '-m',
        '12',
        '-a',
        `127.0.0.1:${directory}`,
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
      `x v3ident=${v3ident} 127.0.0.1:${directory} ${'f'.repeat(40)}`,
      '--list-fingerprint',
    ]);
    const fingerprint = listed.stdout.toString().trim().split('\n').at(-1)?.split(' ').slice(1).join('');
    return {
      name,
      lines,
      line: `DirAuthority ${name} orport=${port} no-v2 v3ident=${v3ident} 127.0.0.1:${directory} ${fingerprint}`,
    };
  });
  const everybody = authorities.map(({ line }) => line);
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
  const socksPort = take();
  const service = join(folder, 'service', 'onion');
  const configs: [string, string[]][] = [
    ...authorities.map(({ name, lines }): [string, string[]] => [name, [...lines, ...voting]]),
    ...Array.from({ length: RELAYS }, (_, index): [string, string[]] => [
      `relay${index + 1}`,
      relay(`relay${index + 1}`, take()),
    ]),
    [
      'service',
      [
        ...common('service'),
        'SocksPort 0',
        `HiddenServiceDir ${service}`,
        `HiddenServicePort 80 ${target.host}:${target.port}`,
      ],
    ],
    ['client', [...common('client'), `SocksPort 127.0.0.1:${socksPort}`]],
  ];
  const children: ChildProcess[] = configs.map(([name, lines]) => {
    const torrc = join(folderOf(name), 'torrc');
    writeFileSync(torrc, [...lines, ...everybody, ''].join('\n'));
    return spawn(tor, ['-f', torrc], { stdio: 'ignore' });
  });

  const hostname = join(service, 'hostname');
  for (let tried = 0; tried < 600 && !existsSync(hostname); tried += 1)
    await new Promise((resolve) => setTimeout(resolve, 100));
  return {
    onion: readFileSync(hostname, 'utf8').trim(),
    socks: `socks5://127.0.0.1:${socksPort}`,
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

/** Ports that nothing listens on at this moment. */
async function freePorts(count: number): Promise<number[]> {
  const probes = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<ReturnType<typeof createServer>>((resolve) => {
          const probe = createServer().listen(0, '127.0.0.1', () => resolve(probe));
        }),
    ),
  );
  const ports = probes.map((probe) => {
    const address = probe.address();
    return address !== null && typeof address === 'object' ? address.port : 0;
  });
  await Promise.all(probes.map((probe) => new Promise((resolve) => probe.close(resolve))));
  return ports;
}
