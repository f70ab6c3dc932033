import { describe, expect, it } from 'vitest';
import { renderLegal } from '../../src/render/legal-page.js';
import { frame, phrase } from './sample-views.js';

const publishers = [{ name: phrase('The Quay'), hosts: ['www.quay.example', 'static.quay.example'] }];
const page = (ui: 'en' | 'fa', contact: string | null) => renderLegal({ ...frame(ui), contact, publishers });

describe('the page for providers and lawyers', () => {
  it('names the keeper’s contact and every host that is asked, and denies being a proxy', () => {
    const html = page('en', 'keeper@example.org');
    expect(html).toContain('href="mailto:keeper@example.org"');
    for (const host of ['www.quay.example', 'static.quay.example']) expect(html).toContain(host);
    expect(html).toContain('It is not a proxy');
    expect(html).toContain('So there is no such record to hand over');
  });

  it('says so where the keeper gives no address', () => {
    expect(page('en', null)).toContain('The keeper gives no contact here');
  });

  it('is in the reader’s language and direction', () => {
    expect(page('fa', null)).toMatch(/<html lang="fa"[^>]* dir="rtl"/);
  });
});
