import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';

const ROOT = new URL('../../', import.meta.url);

/** What `compose.yaml` uses of the Compose Specification, and nothing else: an unknown key is an error here as it is to Compose. */
const service = z.strictObject({
  image: z.string(),
  build: z
    .union([z.literal('.'), z.strictObject({ context: z.literal('.'), target: z.string() })])
    .optional(),
  profiles: z.array(z.string()).default([]),
  depends_on: z
    .union([
      z.array(z.string()),
      z.record(z.string(), z.strictObject({ condition: z.literal('service_started'), restart: z.boolean() })),
    ])
    .default([]),
  restart: z.literal('unless-stopped'),
  stop_grace_period: z
    .string()
    .regex(/^\d+s$/)
    .default('10s'),
  read_only: z.literal(true),
  cap_drop: z.tuple([z.literal('ALL')]),
  cap_add: z.array(z.string()).default([]),
  security_opt: z.tuple([z.literal('no-new-privileges:true')]),
  pids_limit: z.int(),
  ulimits: z.strictObject({ core: z.literal(0) }),
  logging: z.strictObject({
    driver: z.literal('json-file'),
    options: z.strictObject({ 'max-size': z.string(), 'max-file': z.string() }),
  }),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()),
  tmpfs: z.array(z.string()).default([]),
  mem_limit: z.string(),
  environment: z.array(z.string()).default([]),
});
const file = z.strictObject({
  name: z.literal('tamizdat'),
  'x-hardened': z.unknown(),
  services: z.strictObject({ tamizdat: service, edge: service, onion: service }),
  volumes: z.record(z.string(), z.null()),
});

export type ComposeService = z.infer<typeof service>;

/** `compose.yaml` as Compose reads it under these variables of the shell or of `.env`. */
export function readCompose(variables: Readonly<Record<string, string>>) {
  const text = readFileSync(new URL('compose.yaml', ROOT), 'utf8');
  const inserted = (value: unknown): unknown => {
    if (typeof value === 'string') return interpolate(value, variables);
    if (Array.isArray(value)) return value.map(inserted);
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, inserted(inner)]));
  };
  const { services, volumes } = file.parse(inserted(parse(text, { merge: true })));
  // A name alone hands on what is set, and nothing where nothing is.
  for (const one of Object.values(services))
    one.environment = one.environment.flatMap((line) => {
      if (line.includes('=')) return [line];
      const value = variables[line];
      return value === undefined ? [] : [`${line}=${value}`];
    });
  return { services, volumes };
}

/** Compose Specification 12, "Interpolation": `$A`, `${A}`, `${A:-else}`, `${A:+then}`, one within another; `$$` is a dollar. */
export function interpolate(text: string, variables: Readonly<Record<string, string>>): string {
  let out = '';
  for (let at = 0; at < text.length; at += 1) {
    const rest = text.slice(at);
    const bare = /^\$([A-Za-z_]\w*)/.exec(rest);
    if (rest.startsWith('$$')) {
      out += '$';
      at += 1;
    } else if (bare !== null) {
      out += variables[bare[1] ?? ''] ?? '';
      at += bare[0].length - 1;
    } else if (rest.startsWith('${')) {
      const inner = rest.slice(2, closingBrace(rest));
      const [, name = '', sign, word = ''] = /^([A-Za-z_]\w*)(?:(:[-+])(.*))?$/s.exec(inner) ?? [];
      if (name === '') throw new Error(`no form of interpolation that this file uses: \${${inner}}`);
      const value = variables[name] ?? '';
      const isWord = sign !== undefined && (sign === ':-') === (value === '');
      out += isWord ? interpolate(word, variables) : sign === ':+' ? '' : value;
      at += inner.length + 2;
    } else out += rest[0];
  }
  return out;
}

/** Where the brace that `text` opens with at its second character is closed. */
function closingBrace(text: string): number {
  let depth = 0;
  for (let at = 1; at < text.length; at += 1) {
    if (text[at] === '{') depth += 1;
    if (text[at] === '}') depth -= 1;
    if (depth === 0) return at;
  }
  throw new Error(`a brace is not closed: ${text}`);
}

/** The flags with which `podman run` gives a container what Compose would. `project` stands before the names of volumes. */
export function podmanFlags(one: ComposeService, project: string): string[] {
  const each = (flag: string, values: readonly string[]) => values.flatMap((value) => [flag, value]);
  const source = (volume: string) =>
    volume.startsWith('./') ? fileURLToPath(new URL(volume, ROOT)) : `${project}-${volume}`;
  return [
    ...['--restart', one.restart, '--stop-timeout', one.stop_grace_period.replace('s', '')],
    ...['--read-only', '--pids-limit', String(one.pids_limit), '--memory', one.mem_limit],
    ...['--ulimit', `core=${one.ulimits.core}`],
    // Podman's name for it; it keeps one file, so `max-file` has no flag.
    ...['--log-driver', 'k8s-file', '--log-opt', `max-size=${one.logging.options['max-size']}`],
    ...each('--cap-drop', one.cap_drop),
    ...each('--cap-add', one.cap_add),
    ...each('--security-opt', one.security_opt),
    ...each('--publish', one.ports),
    ...each('--volume', one.volumes.map(source)),
    ...each('--tmpfs', one.tmpfs),
    ...each('--env', one.environment),
  ];
}
