import { describe, expect, it } from 'vitest';
import { patternProblem } from '../../src/config/pattern.js';

describe('patterns of the stable id', () => {
  it.each([
    '-a(\\d+)$',
    '/[0-9]{4}/[0-9]{2}/[^/]+-a(\\d+)(?:[/?#]|$)',
    '[?&]p=(\\d{1,9})(?:&|$)',
    '/articles/([a-z0-9]{8,20})(?:\\.html)?$',
    '/articles/[^/?#]{1,300}-(\\d{1,9})(?:\\.html)?(?:[/?#]|$)',
    '^https://news\\.example/([a-z]+?)/$',
  ])('takes %s', (pattern) => expect(patternProblem(pattern)).toBeNull());

  it.each([
    ['(?:a+)+(b)', 'a group is not repeated'],
    ['((a+)+)', 'a group is not repeated'],
    ['(a|a)*b', 'a group is not repeated'],
    ['(?:\\d){2,9}(x)', 'a group is not repeated'],
    ['(\\d)\\1', 'no reference back'],
    ['(?<id>\\d+)', 'no look-around and no named group'],
    ['(?=(\\d+))', 'no look-around and no named group'],
    ['.*(\\d+)', '.* must not be able to match a slash'],
    ['\\S+(\\d+)', '\\S+ must not be able to match a slash'],
    ['[^a]+(\\d+)', '[^a]+ must not be able to match a slash'],
    ['\\d+-\\d+-(\\d+)', 'at most 2 open-ended repeats'],
    ['\\d{1,900}\\d{1,900}(\\d{1,900})', 'at most 2 open-ended repeats'],
    [`${'a?'.repeat(30)}(a)`, 'at most 4 choices'],
    ['-[^/]+-([^/]+)x$', 'with two open-ended repeats it begins with / or ^'],
    ['/?[^/]+-([^/]+)x$', 'with two open-ended repeats it begins with / or ^'],
    ['/a|[^/]+-([^/]+)x$', 'with two open-ended repeats it begins with / or ^'],
    ['\\d{1,9}\\d{1,9}(\\d{1,9})', 'at most 2 open-ended repeats'],
    ['\\d+', 'exactly one group'],
    ['(a)(b)', 'exactly one group'],
    ['(a', 'Unterminated group'],
    [`(${'a'.repeat(300)})`, 'at most 200 characters'],
  ])('refuses %s', (pattern, problem) => expect(patternProblem(pattern)).toContain(problem));

  it('that are taken end, on the longest name there is', () => {
    const worst = ['/[^/]+-([^/]+)x$', '/a?-?[^/]+(?:-|-)?([^/]+)x$', '^/[^/]+[^/]{5,}(x)y'];
    for (const pattern of worst) {
      expect(patternProblem(pattern)).toBeNull();
      expect(new RegExp(pattern).exec(`/${'-'.repeat(2_047)}`)).toBeNull();
    }
  });
});
