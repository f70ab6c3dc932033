import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'vitest';
import { NOT_RUN } from './not-run.js';

/** Programs that tests in `tests/tools/` drive: where each is found, and the Debian package that brings it. */
const TOOLS = {
  chromium: { debian: 'chromium', find: () => onPath('chromium') },
  newsboat: { debian: 'newsboat', find: () => onPath('newsboat') },
  'python3-feedparser': { debian: 'python3-feedparser', find: () => python3With('feedparser') },
  'python3-prometheus-client': {
    debian: 'python3-prometheus-client',
    find: () => python3With('prometheus_client'),
  },
  nginx: { debian: 'nginx', find: () => onPath('nginx') },
  caddy: { debian: 'caddy', find: () => onPath('caddy') },
  nft: { debian: 'nftables', find: () => onPath('nft') },
  tor: { debian: 'tor', find: () => onPath('tor') },
  'systemd-analyze': { debian: 'systemd', find: () => onPath('systemd-analyze') },
  xmllint: { debian: 'libxml2-utils', find: () => onPath('xmllint') },
  lynx: { debian: 'lynx', find: () => onPath('lynx') },
  w3m: { debian: 'w3m', find: () => onPath('w3m') },
  certutil: { debian: 'libnss3-tools', find: () => onPath('certutil') },
  java: { debian: 'default-jre-headless', find: () => onPath('java') },
  lighthouse: { debian: 'chromium, and npm: lighthouse', find: () => inModules('lighthouse/cli/index.js') },
  go: { debian: 'golang-go, golang-golang-x-mod-dev', find: () => goWithSumdb() },
  vnu: { debian: 'default-jre-headless, and npm: vnu-jar', find: () => vnuJar() },
} as const satisfies Record<string, { debian: string; find: () => string | null }>;

export type Tool = keyof typeof TOOLS;

/** The path of each tool asked for: the program, for `python3-...` the interpreter, for `vnu` the jar, for `lighthouse` its script. */
export type ToolPaths<T extends Tool> = Readonly<Record<T, string>>;

/**
 * A suite that drives programs from outside. It runs under `TAMIZDAT_TEST_STRICT=1`, as in `scripts/test`, and fails there where one
 * is missing; `npm test` names it as not run, with the reason. The body runs either way, to be counted: so it may use the paths
 * only inside hooks and tests.
 */
export function describeWith<T extends Tool>(
  tools: readonly T[],
  title: string,
  body: (paths: ToolPaths<T>) => void,
): void {
  const missing = tools.filter((tool) => findTool(tool) === null);
  const paths = Object.fromEntries(tools.map((tool) => [tool, findTool(tool) ?? ''])) as ToolPaths<T>;
  if (missing.length > 0 && isStrict()) {
    describe(title, () => {
      it('finds the programs it needs', () => {
        throw new Error(needs(missing));
      });
    });
    return;
  }
  const notAsked = isStrict() ? null : `drives ${tools.join(', ')}, scripts/test runs it`;
  const reason = missing.length > 0 ? needs(missing) : notAsked;
  describeUnless(reason, title, () => body(paths));
}

/**
 * A suite that takes long for what a change of a line needs: `scripts/test` runs it, `npm test` names it as not run. `reason`: one
 * against running it anywhere here.
 */
export const describeLong = (title: string, body: () => void, reason: string | null = null): void =>
  describeUnless(reason ?? (isStrict() ? null : 'takes long, scripts/test runs it'), title, body);

export const isStrict = (): boolean => process.env.TAMIZDAT_TEST_STRICT === '1';

/** A suite that is skipped, and named as not run, where there is a reason against running it. */
export function describeUnless(reason: string | null, title: string, body: () => void): void {
  if (reason === null) describe(title, body);
  else describe.skip(`${title}${NOT_RUN}${reason}`, body);
}

const needs = (missing: readonly Tool[]): string =>
  `needs ${missing.map((tool) => `${tool} (Debian: ${TOOLS[tool].debian})`).join(', ')}`;

const found = new Map<Tool, string | null>();

/** Its path, or null. Suites say {@link describeWith}; this is for those with further conditions. */
export function findTool(tool: Tool): string | null {
  const known = found.get(tool);
  if (known !== undefined) return known;
  const path = TOOLS[tool].find();
  found.set(tool, path);
  return path;
}

/** Go, where Debian's sources of `golang.org/x/mod` lie beside it. */
const goWithSumdb = (): string | null =>
  existsSync('/usr/share/gocode/src/golang.org/x/mod/sumdb/tlog') ? onPath('go') : null;

const onPath = (name: string): string | null => allOnPath(name)[0] ?? null;

/** Looks also in the `sbin` beside each `bin`, where Debian keeps nginx and which is on no user's PATH but root's. */
function allOnPath(name: string): string[] {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders
    .flatMap((folder) => [folder, folder.replace(/\/bin$/, '/sbin')])
    .map((folder) => join(folder, name))
    .filter(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The first interpreter that has the module: one installed beside Debian's does not see Debian's modules. */
const python3With = (module: string): string | null =>
  allOnPath('python3').find((path) => spawnSync(path, ['-c', `import ${module}`]).status === 0) ?? null;

function inModules(file: string): string | null {
  const path = fileURLToPath(new URL(`../../node_modules/${file}`, import.meta.url));
  return existsSync(path) ? path : null;
}

const vnuJar = (): string | null =>
  onPath('java') === null ? null : inModules('vnu-jar/build/dist/vnu.jar');
