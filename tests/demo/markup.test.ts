import { describe, expect, it } from 'vitest';
import { parseMarkup } from '../../src/demo/markup.js';

const html = (body: string) => parseMarkup(body).map((block) => ('html' in block ? block.html : block));

describe('the demo’s markup', () => {
  it('makes paragraphs, headings, quotes and lists of blocks between blank lines', () => {
    expect(html('One\nline.\n\n## Two\n\n> Three\n\n- a\n- b\n\n1. c\n2. d')).toEqual([
      '<p>One line.</p>',
      '<h2>Two</h2>',
      '<blockquote><p>Three</p></blockquote>',
      '<ul><li>a</li><li>b</li></ul>',
      '<ol><li>c</li><li>d</li></ol>',
    ]);
  });

  it('keeps blank lines and angle brackets in code', () => {
    expect(html('```\n<a>\n\n</a>\n```')).toEqual(['<pre><code>&lt;a&gt;\n\n&lt;/a&gt;</code></pre>']);
  });

  it('makes a table whose first row is the head, with empty cells kept', () => {
    expect(html('| | A |\n| x | 1 |')).toEqual([
      '<table><thead><tr><th></th><th>A</th></tr></thead><tbody><tr><td>x</td><td>1</td></tr></tbody></table>',
    ]);
  });

  it('knows pictures and the entries of a live blog', () => {
    expect(parseMarkup('![A lamp.](lamp)\n\n@ 35 Noon')).toEqual([
      { kind: 'image', caption: 'A lamp.', picture: 'lamp' },
      { kind: 'entry', minutes: 35, title: 'Noon' },
    ]);
  });

  it('escapes text before it sets emphasis, code and links', () => {
    expect(html('<b> **x** *y* `z` [w](/w)')).toEqual([
      '<p>&lt;b&gt; <strong>x</strong> <em>y</em> <code>z</code> <a href="/w">w</a></p>',
    ]);
  });
});
