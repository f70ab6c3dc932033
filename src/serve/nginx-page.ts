/**
 * What Debian 12's nginx answers where there is nothing, byte for byte, so that whoever looks from outside sees an ordinary idle web
 * server. Compared with the real one in tests/tools/quiet-address.test.ts.
 */
const NGINX = 'nginx/1.22.1';

export type NginxStatus = 400 | 404 | 405 | 413 | 414 | 494 | 501 | 505;

/** 494 is nginx's own name for a head that is too large; it leaves as 400 with a line more. */
const REASONS: Readonly<Record<NginxStatus, string>> = {
  400: '400 Bad Request',
  404: '404 Not Found',
  405: '405 Not Allowed',
  413: '413 Request Entity Too Large',
  414: '414 Request-URI Too Large',
  494: '400 Bad Request',
  501: '501 Not Implemented',
  505: '505 HTTP Version Not Supported',
};

const TOO_LARGE = 'Request Header Or Cookie Too Large';
const PADDING = '<!-- a padding to disable MSIE and Chrome friendly error page -->\r\n'.repeat(6);

/** The 404 page as nginx's zlib packs it, without and with the padding: another zlib packs it into other bytes. */
const PACKED = {
  bare: 'H4sIAAAAAAAEA7PJKMnNsePlsslITUyxsynJLMlJtTMxMFHwyy9RcMsvzUux0YcI2uiDlQCVJuWnVIK0JKfmlaQW2dlkGKLrAIrY6EOlQWYDFUF5eemZeRX6hnpGRnqGyEr0YYbqQx0EAJeNf72ZAAAA',
  padded:
    'H4sIAAAAAAAEA+2QwQrCMBBE74L/sH5AGlt6XHIRBQ968QtSd20CaSIxgv17E21BPHv0uLNvhmHQpMGp5QINa1KYbHKs2nULx5BgF+6eUL5FlC8ko12gsVjO7BNHhab+dmQF5fQu2RmaLt9b/5B11TRV/YnIOVTOhVZCgIarJrK+hxSA7E13juFw2m9Be4KNiWFguETLntwIHGOI2dEzCFEK/iN+ucUT4nUmgCsCAAA=',
} as const;

export interface NginxPage {
  head: readonly (readonly [string, string])[];
  /** Status and reason of the status line. */
  status: number;
  reason: string;
  body: Buffer;
}

export interface NginxPageWish {
  status: NginxStatus;
  keepAlive: boolean;
  /** Internet Explorer and Chrome get a longer page. */
  padded: boolean;
  gzip: boolean;
  at: number;
}

function text(status: NginxStatus, padded: boolean): string {
  const reason = REASONS[status];
  const title = status === 494 ? `400 ${TOO_LARGE}` : reason;
  const more = status === 494 ? `<center>${TOO_LARGE}</center>\r\n` : '';
  return (
    `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${reason}</h1></center>\r\n${more}` +
    `<hr><center>${NGINX}</center>\r\n</body>\r\n</html>\r\n${padded ? PADDING : ''}`
  );
}

/** Headers in nginx's order. */
export function nginxPage({ status, keepAlive, padded, gzip, at }: NginxPageWish): NginxPage {
  const reason = REASONS[status];
  const packed = gzip && status === 404;
  const body = packed
    ? Buffer.from(padded ? PACKED.padded : PACKED.bare, 'base64')
    : Buffer.from(text(status, padded), 'latin1');
  return {
    status: Number(reason.slice(0, 3)),
    reason: reason.slice(4),
    body,
    head: [
      ['Server', NGINX],
      ['Date', new Date(at).toUTCString()],
      ['Content-Type', 'text/html'],
      packed ? ['Transfer-Encoding', 'chunked'] : ['Content-Length', String(body.length)],
      ['Connection', keepAlive ? 'keep-alive' : 'close'],
      ...(packed ? ([['Content-Encoding', 'gzip']] as const) : []),
    ],
  };
}
