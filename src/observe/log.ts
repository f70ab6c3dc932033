import type { Clock } from '../domain/clock.js';
import type { Log, LogFields } from '../domain/log.js';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface LogOptions {
  /** Least important level that is written. */
  level: LogLevel;
  /** `text` for people, `json` for programs: one line an event either way. */
  format: 'text' | 'json';
  /** Takes one line, its newline included. */
  write: (line: string) => void;
}

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

/** Field names that could only hold a secret or a reader's trace. Their values are never written. */
const COVERED =
  /^(?:.*(?:password|passphrase|secret|token|private_?key|authorization)|(?:.*_)?(?:cookie|ip)|(?:remote|client|peer|reader)(?:addr|address|ip|port)?|user_?agent|refer+er|query|search|x_?forwarded_?for)$/i;

const CREDENTIALS = /(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/?#]+@/gi;

const MAX_VALUE_LENGTH = 500;

type Value = LogFields[string];

function cleaned(name: string, value: Value): Value {
  if (COVERED.test(name)) return '***';
  if (typeof value !== 'string') return value;
  const plain = value.replace(CREDENTIALS, '$1***@');
  return plain.length > MAX_VALUE_LENGTH ? `${plain.slice(0, MAX_VALUE_LENGTH)}...` : plain;
}

/** Quoted where it must be, so that no value can look like another field or start a line of its own. */
const asText = (value: Value): string => {
  const text = String(value);
  return /^[^\s"=\p{C}]+$/u.test(text)
    ? text
    : JSON.stringify(text).replace(/[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, '?');
};

/** A log whose lines hold an event of ours and flat fields; times are ISO 8601 UTC. */
export function createLog({ level, format, write }: LogOptions, { clock }: { clock: Clock }): Log {
  const least = LEVELS.indexOf(level);

  const at =
    (own: LogLevel) =>
    (event: string, fields: LogFields = {}) => {
      if (LEVELS.indexOf(own) < least) return;
      const time = new Date(clock.now()).toISOString();
      const pairs = Object.entries(fields).map(([name, value]) => [name, cleaned(name, value)] as const);
      if (format === 'json') {
        write(`${JSON.stringify({ ...Object.fromEntries(pairs), time, level: own, event })}\n`);
        return;
      }
      const rest = pairs.map(([name, value]) => ` ${name}=${asText(value)}`).join('');
      write(`${time} ${own.padEnd(5)} ${event}${rest}\n`);
    };

  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
