import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { renderList } from '../../src/render/list-page.js';
import { STYLE, STYLE_CSP_SOURCE } from '../../src/render/page.css.js';
import { listView } from './sample-views.js';

describe('the style of a page', () => {
  it('weighs at most a kilobyte and a half', () => {
    expect(Buffer.byteLength(STYLE)).toBeLessThanOrEqual(1536);
  });

  it('asks for nothing', () => {
    expect(STYLE).not.toMatch(/url\(|@import|@font-face/);
  });

  it('has no character that HTML would escape, so its hash is the hash of what stands in the page', () => {
    expect(STYLE).not.toMatch(/[<>&"'\n]/);
    const shown = /<style>(.*?)<\/style>/s.exec(renderList(listView('en')))?.[1] ?? '';
    const hash = createHash('sha256').update(shown, 'utf8').digest('base64');
    expect(STYLE_CSP_SOURCE).toBe(`'sha256-${hash}'`);
  });

  it('mirrors by itself: no rule knows left from right', () => {
    expect(STYLE).not.toMatch(/(?:left|right)[:;}]|-(?:left|right)|float/);
  });

  it('never spaces letters, which would tear Arabic script apart', () => {
    expect(STYLE).not.toContain('letter-spacing');
  });

  it.each([
    ['light', { paper: '#fffdf8', ink: '#222222', muted: '#776655', accent: '#992211' }],
    ['dark', { paper: '#111111', ink: '#eeeedd', muted: '#bbaa99', accent: '#ee9988' }],
  ])('has the contrast of WCAG AA (4.5:1) in the %s', (_, { paper, ...colours }) => {
    for (const colour of [paper, ...Object.values(colours)]) {
      const short = colour.replace(/^#(.)\1(.)\2(.)\3$/, '#$1$2$3');
      expect(STYLE.includes(colour) || STYLE.includes(short), colour).toBe(true);
    }
    for (const colour of Object.values(colours)) expect(contrast(colour, paper)).toBeGreaterThan(4.5);
  });
});

/** WCAG 2.2, "contrast ratio" of two `#rrggbb` colours. */
function contrast(one: string, other: string): number {
  const luminance = (colour: string) => {
    const [r = 0, g = 0, b = 0] = [1, 3, 5].map((start) => {
      const value = Number.parseInt(colour.slice(start, start + 2), 16) / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}
