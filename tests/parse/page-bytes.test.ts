import { describe, expect, it } from 'vitest';
import { whyNoPage } from '../../src/parse/page-bytes.js';

const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1');

describe('whyNoPage', () => {
  it.each([
    ['%PDF-1.7\n1 0 obj', 'a PDF document'],
    ['\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'a picture (PNG)'],
    ['PK\x03\x04rest', 'a ZIP archive'],
    ['\x1f\x8b\x08\0', 'gzip within gzip'],
    ['\0\x01\x02\x03\x04\x05\x06\x07 text', 'binary data'],
    ['{"title":"No page"}', 'JSON'],
    [' [{"title":"No page"}]', 'JSON'],
  ])('names %j', (text, what) => {
    expect(whyNoPage(bytes(text))).toContain(`no HTML page, but ${what}`);
  });

  it.each([
    '<!doctype html><p>Text',
    'Text without a tag',
    '',
    '{{ a template that was never filled }} <p>Text</p>',
    '<p>one \0 zero in a text',
    '\xff\xfe<\0p\0>\0T\0',
  ])('lets %j be read', (text) => {
    expect(whyNoPage(bytes(text))).toBeNull();
  });

  it('does not decode what no person could read', () => {
    expect(whyNoPage(new Uint8Array(25_000_000))).toBe('longer than 24000000 bytes');
  });
});
