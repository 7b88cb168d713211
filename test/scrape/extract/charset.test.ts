import { describe, expect, it } from 'vitest';
import { loadPage } from '../../../src/scrape/extract/load-page.ts';

const SHIFT_JIS = Buffer.from([0x83, 0x65, 0x83, 0x58, 0x83, 0x67]);
const ISO_2022_JP = Buffer.from('<p>\x1b$BF|K\\\x1b(B</p>', 'latin1');
const textOf = (body: Buffer, contentType?: string) =>
  loadPage(body, contentType, 'http://x.test/').$('p').text();
const page = (text: string, encoding: BufferEncoding = 'utf8', head = '') =>
  Buffer.from(`${head}<p>${text}</p>`, encoding);

describe('the charset of a page', () => {
  it.each([
    ['the header', page('café', 'latin1'), 'text/html; charset=ISO-8859-1', 'café'],
    ['a quoted header', page('café', 'latin1'), 'text/html;Charset="windows-1252"', 'café'],
    [
      'the header, for Shift_JIS',
      Buffer.concat([Buffer.from('<p>'), SHIFT_JIS]),
      'text/html; charset=Shift_JIS',
      'テスト',
    ],
    ['meta', Buffer.concat([Buffer.from('<meta charset=shift_jis><p>'), SHIFT_JIS]), 'text/html', 'テスト'],
    [
      'http-equiv',
      page('café', 'latin1', '<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1">'),
      undefined,
      'café',
    ],
    [
      'meta behind 2 KB of comment',
      Buffer.concat([Buffer.from(`<!--${' '.repeat(2000)}--><meta charset=shift_jis><p>`), SHIFT_JIS]),
      undefined,
      'テスト',
    ],
    [
      'the header before meta',
      page('café', 'utf8', '<meta charset="shift_jis">'),
      'text/html; charset=utf-8',
      'café',
    ],
    [
      'the byte order mark before the header',
      page('café', 'utf8', '\ufeff'),
      'text/html; charset=iso-8859-1',
      'café',
    ],
    ['the byte order mark of UTF-16', page('café', 'utf16le', '\ufeff'), 'text/html; charset=utf-8', 'café'],
    ['the header, for ISO-2022-JP', ISO_2022_JP, 'text/html; charset=iso-2022-jp', '日本'],
    [
      'meta, for ISO-2022-JP',
      Buffer.concat([Buffer.from('<meta charset="ISO-2022-JP">'), ISO_2022_JP]),
      'text/html',
      '日本',
    ],
    ['the bytes, UTF-8 without a word', page('café – 日本'), undefined, 'café – 日本'],
    [
      'the bytes, windows-1252 without a word',
      Buffer.from([0x3c, 0x70, 0x3e, 0x80, 0x20, 0x63, 0x61, 0x66, 0xe9]),
      'text/html',
      '€ café',
    ],
    ['the bytes when the header names nothing known', page('café'), 'text/html; charset=klingon', 'café'],
    [
      'the bytes when nothing can decode what the header names',
      page('café'),
      'text/html; charset=x-user-defined',
      'café',
    ],
  ])('comes from %s', (_where, body, contentType, expected) => {
    expect(textOf(body, contentType)).toBe(expected);
  });

  it('reads an empty body as an empty page', () => {
    expect(textOf(Buffer.alloc(0))).toBe('');
  });
});
