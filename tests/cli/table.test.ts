import { describe, expect, it } from 'vitest';
import { renderTable } from '../../src/cli/table.js';

const terminal = { isTTY: true, columns: 20 };
const pipe = { isTTY: false, columns: 80 };
const BOLD = '\u001b[1m';

describe('tables', () => {
  it('line up, East Asian letters counting twice and marks not at all', () => {
    const rows = [
      ['演示', 'x'],
      ['е\u0301лка', 'y'],
    ];
    expect(renderTable(['NAME', 'B'], rows, pipe, {})).toBe('NAME  B\n演示  x\nе\u0301лка  y\n');
  });

  it('cut their last column on a terminal, and nowhere else', () => {
    const rows = [['a', 'a very long headline indeed']];
    expect(renderTable(['ID', 'TITLE'], rows, terminal, { NO_COLOR: '1' })).toContain(
      'a   a very long hea…\n',
    );
    expect(renderTable(['ID', 'TITLE'], rows, pipe, {})).toContain('a very long headline indeed\n');
  });

  it('have a note whole on a line of its own below its row', () => {
    const rows = [
      ['a', 'x'],
      ['b', 'y'],
    ];
    const notes = [null, 'why it is so, however long it takes to say'];
    expect(renderTable(['ID', 'T'], rows, terminal, { NO_COLOR: '1' }, notes)).toBe(
      'ID  T\na   x\nb   y\n  why it is so, however long it takes to say\n',
    );
  });

  it('pass no control character on, whatever a feed holds', () => {
    const table = renderTable(['T'], [['red \u001b[31m\u202e\nline']], pipe, {});
    for (const char of ['\u001b', '\u202e']) expect(table).not.toContain(char);
    expect(table.split('\n')).toHaveLength(3);
  });

  it('are bold at the top on a terminal only, and never with NO_COLOR', () => {
    expect(renderTable(['T'], [], terminal, {})).toContain(BOLD);
    expect(renderTable(['T'], [], terminal, { NO_COLOR: '1' })).not.toContain(BOLD);
    expect(renderTable(['T'], [], terminal, { TERM: 'dumb' })).not.toContain(BOLD);
    expect(renderTable(['T'], [], pipe, {})).not.toContain(BOLD);
  });
});
