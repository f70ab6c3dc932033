import { describe, expect, it } from 'vitest';
import { publicMirrorUrl } from '../../src/fetch/public-mirror-url.js';

describe('the address of a mirror', () => {
  it.each([
    ['https://mirror.example', 'https://mirror.example/'],
    ['https://bucket.storage.example/tree/', 'https://bucket.storage.example/tree/'],
    ['https://8.8.8.8/', 'https://8.8.8.8/'],
    ['http://abcdefghijklmnop.onion/', 'http://abcdefghijklmnop.onion/'],
    ['ipns://k51qzi5uqu5dh/', 'ipns://k51qzi5uqu5dh/'],
  ])('may be public: %s', (text, url) => {
    expect(publicMirrorUrl(text, [])).toEqual({ url });
  });

  it.each([
    'http://mirror.example/',
    'https://localhost/',
    'https://nas.local/',
    'https://router.lan./',
    'https://mirror/',
    'https://192.168.1.4/',
    'https://10.0.0.1/',
    'https://127.0.0.1:8080/',
    'https://[::1]/',
    'https://[fd00::1]/',
    'https://100.64.0.1/',
    'https://user:pass@mirror.example/',
    'https://mirror.example/?who=me',
    'ftp://mirror.example/',
    'mirror.example',
    '',
  ])('may not be public: %s', (text) => {
    expect(publicMirrorUrl(text, [])).toHaveProperty('problem');
  });

  it('may be on this machine only where fetch.allow names it', () => {
    expect(publicMirrorUrl('http://127.0.0.1:4030/', ['127.0.0.1:4030'])).toEqual({
      url: 'http://127.0.0.1:4030/',
    });
    expect(publicMirrorUrl('http://127.0.0.1:4031/', ['127.0.0.1:4030'])).toHaveProperty('problem');
  });
});
