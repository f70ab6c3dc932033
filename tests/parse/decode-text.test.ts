import { describe, expect, it } from 'vitest';
import { decodeHtml, decodeText } from '../../src/parse/decode-text.js';
import { encodeAs } from './encode-as.js';

const russian =
  'Зеркало сайта снова открывается. Читатели могут проверить подпись каждой страницы и сохранить её на память.';

const samples: Readonly<Record<string, string>> = {
  'windows-1251': russian,
  'koi8-u': russian,
  'windows-1252': 'Le miroir était rétabli à Genève, « très bientôt » ; les élèves sont arrivés à l’école.',
  'windows-1254': 'Hükümet, sitenin aynasının yeniden açıldığını söyledi; İstanbul’da şimdi güneşli.',
  'windows-1256': 'أعلنت الهيئة أن مرآة الموقع عادت للعمل ويمكن للقراء التحقق من التوقيع',
  shift_jis: 'このサイトの鏡は今日から読めるようになりました。読者は署名を確かめてください。',
  'euc-jp': 'このサイトの鏡は今日から読めるようになりました。読者は署名を確かめてください。',
  gb18030: '这个网站的镜像今天重新开放，读者可以检查每一页的签名，并保存下来。',
  'euc-kr': '이 사이트의 거울은 오늘부터 다시 읽을 수 있습니다. 독자는 서명을 확인하십시오.',
  big5: '這個網站的鏡像今天重新開放，讀者可以檢查每一頁的簽名。',
};

const feed = (title: string, declaration = '<?xml version="1.0"?>') =>
  `${declaration}<rss version="2.0"><channel><title>${title}</title><link>https://a.example/</link></channel></rss>`;

const utf8 = (text: string) => new TextEncoder().encode(text);

describe('decodeText', () => {
  it.each(Object.entries(samples))(
    'recognizes %s that nobody declared, and says that it guessed',
    (charset, text) => {
      const decoded = decodeText(encodeAs(feed(text), charset), null);
      expect(decoded).toEqual({ text: feed(text), charset, problems: [`charset guessed: ${charset}`] });
    },
  );

  it('recognizes a windows-1251 feed of three short words', () => {
    const text = feed('Новости этого дня');
    expect(decodeText(encodeAs(text, 'windows-1251'), 'application/rss+xml').text).toBe(text);
  });

  it('takes the charset of the HTTP header before the document’s', () => {
    const text = feed(russian, '<?xml version="1.0" encoding="windows-1251"?>');
    const decoded = decodeText(encodeAs(text, 'koi8-r'), "text/xml; charset='koi8-r'");
    expect(decoded).toMatchObject({ text, charset: 'koi8-r', problems: [] });
  });

  it('takes the document’s charset before a Latin-1 that servers add by default', () => {
    const text = feed(russian, '<?xml version="1.0" encoding="windows-1251"?>');
    expect(decodeText(encodeAs(text, 'windows-1251'), 'text/xml; charset=ISO-8859-1').text).toBe(text);
  });

  it('reads valid UTF-8 as UTF-8 though the header says Latin-1', () => {
    const decoded = decodeText(utf8(feed(russian)), 'text/xml; charset=iso-8859-1');
    expect(decoded).toMatchObject({ text: feed(russian), charset: 'utf-8' });
    expect(decoded.problems).toEqual(['charset is utf-8, not windows-1252']);
  });

  it('goes on with the next declaration when the bytes cannot be in the first', () => {
    const text = feed(russian, '<?xml version="1.0" encoding="windows-1251"?>');
    expect(decodeText(encodeAs(text, 'windows-1251'), 'text/xml; charset=utf-8').text).toBe(text);
  });

  it('keeps UTF-8 with a few broken bytes', () => {
    const bytes = utf8(feed(russian, '<?xml version="1.0" encoding="utf-8"?>'));
    bytes[70] = 0xff;
    const decoded = decodeText(bytes, null);
    expect(decoded.problems).toEqual(['wrong bytes for utf-8']);
    expect(decoded.text).toContain('проверить подпись');
  });

  it('takes a text that ends in the middle of a character for what it was', () => {
    const bytes = utf8('<rss><title>Зеркало сайта').subarray(0, -1);
    expect(decodeText(bytes, null)).toMatchObject({ charset: 'utf-8', problems: ['wrong bytes for utf-8'] });
  });

  it('has the quotes of windows-1252, which Node 20 forgets', () => {
    expect(decodeText(Uint8Array.of(0x3c, 0x93, 0x80, 0x94), 'text/xml; charset=windows-1252').text).toBe(
      '<“€”',
    );
  });

  it('reports a charset that does not exist and reads on', () => {
    const decoded = decodeText(utf8(feed('Title', '<?xml version="1.0" encoding="x-fake"?>')), null);
    expect(decoded.problems).toEqual(['unknown charset: x-fake']);
    expect(decoded.text).toContain('Title');
  });

  it.each([
    ['utf-16le', (text: string) => Buffer.from(text, 'utf16le')],
    ['utf-16be', (text: string) => Buffer.from(text, 'utf16le').swap16()],
    [
      'utf-32le',
      (text: string) =>
        new Uint8Array(Uint32Array.from([...text], (char) => char.codePointAt(0) ?? 0).buffer),
    ],
  ])('tells %s by its bytes, with and without a byte order mark', (charset, encode) => {
    for (const mark of ['', '\ufeff']) {
      expect(decodeText(encode(mark + feed(russian)), null)).toMatchObject({ text: feed(russian), charset });
    }
  });
});

describe('decodeHtml', () => {
  it.each([
    '<meta charset="windows-1251">',
    '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">',
  ])('honors %s', (meta) => {
    const page = `<!doctype html><html><head>${meta}<title>Да</title></head></html>`;
    expect(decodeHtml(encodeAs(page, 'windows-1251'), 'text/html')).toMatchObject({
      text: page,
      problems: [],
    });
  });
});
