import { existsSync, lstatSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { secretPathsFile } from '../../config/secret-paths.js';
import { diskRoom } from '../../safety/disk-room.js';
import { problemsOfDatabase } from '../../store/database-file.js';
import { isWriterBusy } from '../../store/writer-lock.js';
import { sizeText } from '../units.js';
import { type Finding, fail, ok, reasonOf, warn } from './finding.js';

/** Node's own end of life, by its release schedule: 20 in April 2026, 22 in April 2027, 24 in April 2028. */
const OLDEST_KEPT_NODE = 22;

export function checkNode(): Finding {
  const [major = 0] = process.versions.node.split('.').map(Number);
  const found = `Node ${process.versions.node}, OpenSSL ${process.versions.openssl}`;
  return major < OLDEST_KEPT_NODE
    ? warn(
        'node',
        `${found}: gets no security fixes any more`,
        'Install Node 24, or use the container image.',
      )
    : ok('node', found);
}

/** Node trusts nobody more, and says nothing, where it may not read that file: root's own folder in a container, most often. */
export function checkAuthorities(file: string | undefined): Finding[] {
  if (!file) return [];
  try {
    readFileSync(file);
    return [ok('trust', `the authorities in ${file} (NODE_EXTRA_CA_CERTS) are trusted too`)];
  } catch (error) {
    return [
      fail(
        'trust',
        `NODE_EXTRA_CA_CERTS names a file that cannot be read, so nobody in it is trusted: ${reasonOf(error)}`,
        `Let user ${process.getuid?.() ?? 'of the node'} read the file and the folders it lies in.`,
      ),
    ];
  }
}

export function checkDisk(home: string): Finding {
  if (!existsSync(home)) return warn('disk', `there is no folder ${home} yet`, 'tamizdat serve makes it.');
  const { freeBytes, totalBytes, state } = diskRoom(home);
  const found = `${sizeText(freeBytes)} free of ${sizeText(totalBytes)}`;
  const todo = 'Free some, or lower pictures.maxBytes or pictures.maxAge.';
  if (state === 'full') return fail('disk', `${found}: nothing is synced`, todo);
  if (state === 'low') return warn('disk', `${found}: no backups are made`, todo);
  return ok('disk', found);
}

/** Reads every page of the database: some seconds for a large one. */
export function checkDatabase(file: string): Finding {
  if (!existsSync(file)) {
    return warn('database', 'there is none: no node has run here', 'tamizdat serve makes it.');
  }
  const problems = problemsOfDatabase(file, 'quick');
  if (problems.length === 0)
    return ok('database', `every page of ${sizeText(statSync(file).size)} reads well`);
  return fail(
    'database',
    `damaged: ${problems.join('; ')}`,
    'Restart the node: it sets the file aside and rebuilds it from the newest whole backup.',
  );
}

/** SQLite's lock on a file goes with its process, so it is never stale: it is held by somebody who lives, or free. */
export function checkWriter(home: string, running: boolean): Finding {
  const file = join(home, 'writer.lock');
  if (!existsSync(file) || !isWriterBusy(file)) return ok('writer', 'no pass is under way');
  if (running) return ok('writer', 'the node is in the middle of a pass');
  return warn(
    'writer',
    'a process that is no serving node writes here: a sync, a backfill, a container of another name',
    'Wait until it ends, or look for it with `ps ax | grep tamizdat`.',
  );
}

/** A dump of a node that crashed holds what readers asked for at that moment. Nothing where this system does not tell (proc(5)). */
export function checkCoreDumps(pid: number | undefined): Finding[] {
  const file = `/proc/${pid}/limits`;
  if (pid === undefined || !existsSync(file)) return [];
  const [, allowed] = /^Max core file size +(\S+)/m.exec(readFileSync(file, 'utf8')) ?? [];
  return [
    allowed === '0'
      ? ok('cores', 'a crash leaves no core dump')
      : warn(
          'cores',
          'a crash may leave a core dump, with what readers asked for at that moment',
          'Start the node after `ulimit -c 0`, or with LimitCORE=0 in its unit: scripts/systemd/tamizdat.service has it.',
        ),
  ];
}

/** Nobody else may read what the node keeps, least of all keys. */
export function checkPermissions(home: string): Finding[] {
  if (process.platform === 'win32' || !existsSync(home)) return [];
  const own = process.getuid?.() ?? 0;
  const found: Finding[] = [];
  const { mode, uid } = statSync(home);
  if (own !== 0 && uid !== own) {
    found.push(
      fail(
        'permissions',
        `${home} belongs to user ${uid}, and this is user ${own}`,
        `Run the node as that user, or: chown -R ${own} ${home}`,
      ),
    );
  }
  if ((mode & 0o007) !== 0) {
    found.push(warn('permissions', `every user of this machine may look into ${home}`, `chmod 700 ${home}`));
  }
  const secrets = secretFiles(home);
  if (secrets === null) {
    const folder = join(home, 'keys');
    found.push(fail('permissions', `user ${own} may not read ${folder}`, `chown -R ${own} ${folder}`));
  }
  for (const file of secrets ?? []) {
    if ((lstatSync(file).mode & 0o077) === 0) continue;
    found.push(fail('permissions', `other users may read ${file}`, `chmod 600 ${file}`));
  }
  return found.length > 0 ? found : [ok('permissions', `${home} and its secrets are this user's alone`)];
}

/** Null where this user may not look into the folder of keys. */
function secretFiles(home: string): string[] | null {
  const folder = join(home, 'keys');
  let keys: string[] = [];
  try {
    if (existsSync(folder))
      keys = readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ name }) => join(folder, name));
  } catch {
    return null;
  }
  return [join(home, 'secrets.yaml'), secretPathsFile(home), ...keys].filter(existsSync);
}

/** Whether `look` can be made at all; what it throws is a finding too. */
export function guarded(check: string, look: () => Finding): Finding {
  try {
    return look();
  } catch (error) {
    return fail(check, reasonOf(error), 'Run it again; if it stays so, please report it.');
  }
}
