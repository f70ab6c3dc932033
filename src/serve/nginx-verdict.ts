import type { NginxStatus } from './nginx-page.js';

/** A request as it stood on the wire. */
export interface RequestHead {
  method: string;
  target: string;
  /** `1.1` */
  version: string;
  headers: readonly (readonly [string, string])[];
}

/** `large_client_header_buffers 4 8k`: one line fits one buffer, the whole head fits four. */
const BUFFER_BYTES = 8_192;
const HEAD_BYTES = 4 * BUFFER_BYTES;
/** `client_max_body_size 1m` */
const MOST_BODY_BYTES = 1_048_576;

export const valuesOf = (head: RequestHead, name: string): string[] =>
  head.headers.filter(([given]) => given.toLowerCase() === name).map(([, value]) => value);

/**
 * What nginx 1.22 says to a request where its one location returns 404: that, or what it finds wrong before it looks for a location.
 * In the order of its own checks: request line, header lines, Host, body.
 */
export function nginxVerdict(head: RequestHead): NginxStatus {
  if (head.method.length + head.target.length + 12 > BUFFER_BYTES) return 414;
  if (!/^[A-Z_-]+$/.test(head.method) || !isTarget(head.target)) return 400;
  if (Number(head.version.split('.')[0]) > 1) return 505;
  return (
    headersVerdict(head) ?? (head.method === 'TRACE' || head.method === 'CONNECT' ? 405 : bodyVerdict(head))
  );
}

function headersVerdict(head: RequestHead): NginxStatus | null {
  let bytes = head.method.length + head.target.length + 12;
  for (const [name, value] of head.headers) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it refuses
    if (/[\x00-\x20\x7f]/.test(name) || /[\x00\r\n]/.test(value)) return 400;
    bytes += name.length + value.length + 4;
    if (name.length + value.length + 4 > BUFFER_BYTES || bytes > HEAD_BYTES) return 494;
  }
  const hosts = valuesOf(head, 'host');
  const [host] = hosts;
  if (hosts.length > 1 || (host !== undefined && !isHost(host))) return 400;
  if (host === undefined && head.version !== '1.0') return 400;
  const lengths = valuesOf(head, 'content-length');
  const codings = valuesOf(head, 'transfer-encoding');
  if (lengths.length > 1 || codings.length > 1 || (lengths[0] !== undefined && !/^\d+$/.test(lengths[0])))
    return 400;
  const [coding] = codings;
  if (coding === undefined) return null;
  if (head.version === '1.0' || lengths.length > 0) return 400;
  return coding.toLowerCase() === 'chunked' ? null : 501;
}

const bodyVerdict = (head: RequestHead): NginxStatus =>
  Number(valuesOf(head, 'content-length')[0] ?? 0) > MOST_BODY_BYTES ? 413 : 404;

/** Origin form or absolute form; percent signs with two digits behind them, no way out of the root, no zero byte. */
function isTarget(target: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it refuses
  if (/[\x00-\x20\x7f]/.test(target)) return false;
  const path = target.replace(/^[A-Za-z]+:\/\/(?:[A-Za-z0-9._-]+|\[[^\]/]*\])(?::\d*)?(?=[/?#]|$)/, '');
  if (path === '' || /^[?#]/.test(path)) return path !== target;
  if (!path.startsWith('/')) return false;
  const named = path.split(/[?#]/)[0] ?? '';
  if (/%(?![0-9A-Fa-f]{2})|%00/.test(named)) return false;
  let depth = 0;
  for (const part of named.replace(/%2e/gi, '.').replace(/%2f/gi, '/').split('/')) {
    depth += part === '..' ? -1 : part === '' || part === '.' ? 0 : 1;
    if (depth < 0) return false;
  }
  return true;
}

function isHost(host: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it refuses
  return host !== '' && !/[\x00-\x20\x7f/]|\.\./.test(host) && !/^\[[^\]]*$/.test(host);
}

/** Whether nginx would wait for another request. */
export function keepsAlive(head: RequestHead, status: NginxStatus): boolean {
  if (status !== 404) return false;
  const wish = valuesOf(head, 'connection').join(',').toLowerCase();
  return head.version === '1.0' ? wish.includes('keep-alive') : !wish.includes('close');
}

/** The browsers that nginx makes error pages longer for (`msie_padding on`). */
export function isPadded(head: RequestHead): boolean {
  const [agent = ''] = valuesOf(head, 'user-agent');
  if (agent.includes('Opera')) return false;
  return /MSIE ..../.test(agent) || (agent.includes('Chrome/') && !agent.includes('Gecko/'));
}

/** `gzip on` as Debian has it: HTTP/1.1, not through a proxy. */
export function takesGzip(head: RequestHead): boolean {
  if (head.version === '1.0' || valuesOf(head, 'via').length > 0) return false;
  const [accepted = ''] = valuesOf(head, 'accept-encoding');
  return /(?:^|[\s,])gzip(?:[\s,]|$|\s*;(?!\s*q=0(?:\.0*)?(?:[\s,]|$)))/i.test(accepted);
}
