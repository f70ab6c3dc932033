import type { RequestHead } from './nginx-verdict.js';

/**
 * The head of a request that Node's parser refused, read as nginx reads one: it forgives more. `line` is null where not even the first
 * line is one; `simple` is a request of HTTP/0.9, which is answered by a body alone.
 */
export function readRawHead(
  packet: Buffer,
): { kind: 'line'; head: RequestHead } | { kind: 'simple' } | { kind: 'garbage' } {
  const text = packet.toString('latin1').replace(/^(?:\r?\n)+/, '');
  const [first = '', ...rest] = text.split(/\r?\n/);
  if (/^GET +\/\S*$/.test(first) && /\n/.test(text)) return { kind: 'simple' };
  const line = /^([A-Z_-]+) +(\S+) +HTTP\/(\d{1,3})\.(\d{1,3}) *$/.exec(first);
  if (line === null) {
    const long = /^([A-Z_-]+) +(\S{8000,})/.exec(first);
    if (long === null) return { kind: 'garbage' };
    return {
      kind: 'line',
      head: { method: long[1] ?? '', target: long[2] ?? '', version: '1.1', headers: [] },
    };
  }
  const [, method = '', target = '', major = '1', minor = '1'] = line;
  const end = rest.indexOf('');
  const headers = (end === -1 ? rest : rest.slice(0, end)).flatMap((header): [string, string][] => {
    const colon = header.indexOf(':');
    // nginx passes over a line without a colon; one that begins with a blank would be an empty name, which it refuses.
    if (colon === -1) return /^\s/.test(header) ? [[' ', header]] : [];
    return [[header.slice(0, colon), header.slice(colon + 1).trim()]];
  });
  return { kind: 'line', head: { method, target, version: `${major}.${Number(minor)}`, headers } };
}
