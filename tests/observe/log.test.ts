import { describe, expect, it } from 'vitest';
import { createLog } from '../../src/observe/log.js';

const clock = { now: () => Date.UTC(2026, 10, 1, 12), sleep: () => Promise.resolve() };

function logTo(options: { level?: 'debug' | 'info' | 'warn' | 'error'; format: 'text' | 'json' }) {
  const lines: string[] = [];
  const log = createLog({ level: 'info', ...options, write: (line) => lines.push(line) }, { clock });
  return { log, lines };
}

describe('log', () => {
  it('writes time, level, event and fields for people', () => {
    const { log, lines } = logTo({ format: 'text' });
    log.info('sync.done', { publisher: 'moscow-times', added: 3, reason: 'all is well', next: null });
    expect(lines).toEqual([
      '2026-11-01T12:00:00.000Z info  sync.done publisher=moscow-times added=3 reason="all is well" next=null\n',
    ]);
  });

  it('writes one JSON object a line for programs, and no field takes the place of ours', () => {
    const { log, lines } = logTo({ format: 'json' });
    log.warn('fetch.failed', { reason: 'dns', event: 'forged' });
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      time: '2026-11-01T12:00:00.000Z',
      level: 'warn',
      event: 'fetch.failed',
      reason: 'dns',
    });
  });

  it('leaves out what is less important than its level', () => {
    const { log, lines } = logTo({ level: 'warn', format: 'text' });
    log.debug('a');
    log.info('b');
    log.warn('c');
    log.error('d');
    expect(lines).toHaveLength(2);
  });

  it.each(['text', 'json'] as const)('covers secrets and passwords in URLs (%s)', (format) => {
    const { log, lines } = logTo({ format });
    log.error('x', { apiToken: 'hunter2', route: 'via socks5://mole:hun@ter2@h:1/', password: 'hunter2' });
    expect(lines.join('')).not.toMatch(/hunter2|mole|ter2/);
  });

  it('never writes a field named after a trace of a reader', () => {
    const { log, lines } = logTo({ format: 'json' });
    const mark = '198.51.100.77';
    log.info('x', {
      ip: mark,
      remoteAddress: mark,
      client_ip: mark,
      userAgent: mark,
      query: mark,
      referer: mark,
      zip: 'kept',
    });
    expect(lines.join('')).not.toContain(mark);
    expect(lines.join('')).toContain('kept');
  });

  it('keeps a value on its line, whatever stands in it', () => {
    const { log, lines } = logTo({ format: 'text' });
    log.info('x', { title: 'a\n2026 error forged=1 \u001b[31m\u202e' });
    expect(lines).toHaveLength(1);
    for (const char of ['\n2026', '\u001b', '\u202e']) expect(lines[0]).not.toContain(char);
    expect(lines[0]).toContain('title="a\\n2026');
  });
});
