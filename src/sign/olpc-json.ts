import { TamizdatError } from '../domain/errors.js';

/**
 * The bytes a TUF signature is over: OLPC canonical JSON, as the TUF specification 1.0.31, section 4.1, has it. Keys in the order
 * of their code points, only `"` and `\` escaped, whole numbers only. Throws `not-canonical` for what this form cannot say.
 */
export function olpcJson(value: unknown): Buffer {
  return Buffer.from(write(value), 'utf8');
}

function write(value: unknown): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`;
  if (typeof value === 'object') {
    const entries = Object.entries(value).sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    return `{${entries.map(([key, item]) => `${quote(key)}:${write(item)}`).join(',')}}`;
  }
  throw new TamizdatError('not-canonical', `canonical JSON has no form for ${typeof value} ${String(value)}`);
}

const quote = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`;
