import { join } from 'node:path';
import type { Config } from '../../config/config.js';
import { readSecretPaths } from '../../config/secret-paths.js';
import type { Clock } from '../../domain/clock.js';
import type { Fetcher } from '../../domain/fetcher.js';
import type { Publisher } from '../../domain/publisher.js';
import { isLoopbackHost, plainHttpReason } from '../exposure.js';
import type { MailSettings } from '../mail.js';
import { reachableHost, runningNode } from '../probe.js';
import type { RunningAddresses } from '../running-file.js';
import type { StatusReport } from '../status.js';
import { checkAddress } from './edge.js';
import { type Finding, fail, ok, reasonOf, warn } from './finding.js';
import {
  checkAuthorities,
  checkCoreDumps,
  checkDatabase,
  checkDisk,
  checkNode,
  checkPermissions,
  checkWriter,
  guarded,
} from './machine.js';
import { checkRoute, checkSources } from './sources.js';

export interface DoctorDeps {
  publishers: readonly Publisher[];
  fetcher: Fetcher;
  clock: Clock;
  /** Null where there is no database, or none that can be read. */
  status: StatusReport | null;
  mail: MailSettings | null;
  /** The file named by NODE_EXTRA_CA_CERTS. */
  extraAuthorities: string | undefined;
  /** Leaves out whatever needs the network. */
  offline: boolean;
  /** Hears each part's findings as they come. */
  onFindings: (findings: readonly Finding[]) => void;
}

/** Warnings of the status that no check of its own stands for. */
const FROM_STATUS: ReadonlySet<string> = new Set([
  'unverified',
  'mirror-unverified',
  'key-expires',
  'passes-stopped',
  'cap-near',
  'no-backup',
]);

/** Looks at everything that keeps a mirror from its readers, one part after the other. Speaks only to addresses of the configuration. */
export async function examine(config: Config, deps: DoctorDeps): Promise<Finding[]> {
  const { home } = config;
  const running = await runningNode(home);
  const parts: (() => Promise<Finding[]>)[] = [
    async () => [checkNode(), runningFinding(running), guarded('disk', () => checkDisk(home))],
    async () => [
      ...checkPermissions(home),
      ...checkCoreDumps(running?.pid),
      ...checkAuthorities(deps.extraAuthorities),
    ],
    async () => [
      guarded('database', () => checkDatabase(join(home, 'tamizdat.sqlite'))),
      guarded('writer', () => checkWriter(home, running !== null)),
    ],
    async () => [exposure(config), ...keeperAddress(config), ...waiting(deps.status)],
    ...(deps.offline ? [] : network(config, deps, running)),
  ];
  const all: Finding[] = [];
  for (const part of parts) {
    const findings = await part();
    deps.onFindings(findings);
    all.push(...findings);
  }
  return all;
}

function network(
  config: Config,
  { publishers, fetcher, clock, mail }: DoctorDeps,
  running: RunningAddresses | null,
): (() => Promise<Finding[]>)[] {
  const { route } = config.fetch;
  const urls = config.site.urls.map((url) => new URL(url));
  return [
    ...(route === null ? [] : [async () => [await checkRoute(route)]]),
    () => checkSources(publishers, fetcher),
    ...(running === null
      ? []
      : [() => checkAddress(ownAddress(config, running.readers), config, clock.now())]),
    ...urls.map((url) => () => checkAddress({ url, instead: null, own: false }, config, clock.now())),
    ...(mail === null ? [] : [async () => [await checkMail(mail)]]),
  ];
}

/** The node's own listener, asked by the name its certificate is for where there is one. */
function ownAddress(config: Config, { host, port }: RunningAddresses['readers']) {
  const at = { host: reachableHost(host), port };
  const plain = `http://${at.host.includes(':') ? `[${at.host}]` : at.host}:${port}${basePath(config)}`;
  if (config.tls === null) return { url: new URL(plain), instead: null, own: true };
  const named = config.site.urls.find((url) => url.startsWith('https:'));
  return { url: new URL(named ?? plain.replace('http:', 'https:')), instead: at, own: true };
}

/** Where the tree stands: a mirror that keeps quiet answers in its secret folders alone. */
function basePath({ home, site }: Config): string {
  const { quiet, paths } = readSecretPaths(home);
  const [secret] = paths;
  return quiet && secret !== undefined ? `/${secret.word}/` : site.basePath;
}

const runningFinding = (running: RunningAddresses | null): Finding =>
  running === null
    ? warn('node', 'no node is running on this home', 'tamizdat serve starts it.')
    : ok('node', `running; readers are served on ${running.readers.host}:${running.readers.port}`);

function exposure(config: Config): Finding {
  const reason = plainHttpReason(config);
  if (reason === null) return ok('public', 'no address of this mirror is plain HTTP on the open net');
  return warn(
    'public',
    `providers see what is read, and can change it: ${reason}`,
    'Set tls.cert and tls.key, or put an edge in front (docs/edge) and set http.edge: proxied.',
  );
}

function keeperAddress({ admin }: Config): Finding[] {
  if (isLoopbackHost(admin.listen.host)) return [];
  return [
    warn(
      'keeper',
      `the keeper's page listens on ${admin.listen.host}:${admin.listen.port} in plain HTTP: its password can be read on the way`,
      'Listen on 127.0.0.1 and come by `ssh -L 8081:127.0.0.1:8081`, unless that address is a container’s own.',
    ),
  ];
}

function waiting(status: StatusReport | null): Finding[] {
  if (status === null) return [];
  const found = status.troubles
    .filter(({ kind }) => FROM_STATUS.has(kind))
    .map(({ level, what, todo }) => (level === 'fail' ? fail : warn)('status', what, todo));
  const count = status.waiting.length;
  return count === 0 ? found : [...found, warn('decisions', `open: ${count}`, 'tamizdat decisions list')];
}

async function checkMail(settings: MailSettings): Promise<Finding> {
  const { createMailer } = await import('../mail.js');
  const mailer = createMailer(settings);
  try {
    await mailer.verify();
    return ok('mail', 'the mail server takes us in');
  } catch (error) {
    return fail(
      'mail',
      `the mail server: ${reasonOf(error)}`,
      'Correct alerts.smtp; `tamizdat alerts test` sends one.',
    );
  } finally {
    mailer.close();
  }
}
