import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ContentLengthSplitter } from '../../../src/rpc/stdio/content-length-splitter.ts';
import { collectGarbage } from '../../collect-garbage.ts';
import { cutBytes, framesOf, shortly } from './chunks.ts';

const LIMIT = 16;

function messages(...chunks: (string | Buffer)[]): string[] {
  return shortly(
    framesOf(
      new ContentLengthSplitter(LIMIT),
      chunks.map((chunk) => Buffer.from(chunk)),
    ),
  );
}

function framed(text: string): string {
  return `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
}

describe('a stream with Content-Length headers', () => {
  it('has messages of that many bytes, not characters', () => {
    expect(messages(framed('"ü€"') + framed('[1]'))).toEqual(['"ü€"', '[1]']);
    expect(messages('Content-Length: 7\r\n\r\n"ü€"', framed('2'))).toEqual(['"ü€"', '2']);
  });

  it('takes its header in any case, with other fields, with bare line feeds, after blank lines', () => {
    const type = 'Content-Type: application/vscode-jsonrpc; charset=utf-8';
    expect(messages(`\r\n\ncontent-LENGTH:1\n${type}\nX-Trace: 7\n\n1`)).toEqual(['1']);
    expect(messages('Content-Type: application/json; charset="UTF8"\r\nContent-Length: 1\r\n\r\n2')).toEqual([
      '2',
    ]);
    expect(messages('Content-Length: 1\r\nContent-Length: 1\r\n\r\n3')).toEqual(['3']);
  });

  it('has an empty message where the length is 0', () => {
    expect(messages('Content-Length: 0\r\n\r\n', framed('1'))).toEqual(['', '1']);
  });

  it('skips a message whose length is known, reports it once and goes on', () => {
    expect(messages(`Content-Length: 17\r\n\r\n${'x'.repeat(17)}`, framed('1'))).toEqual(['TOO LARGE', '1']);
    expect(messages('Content-Type: a/b; charset=latin1\r\nContent-Length: 1\r\n\r\nx', framed('1'))).toEqual([
      'MALFORMED: the charset is latin1, only utf-8 is read',
      '1',
    ]);
    expect(messages('Content-Length: 1\r\n\r\n', Buffer.from([0xff]), framed('1'))).toEqual([
      'MALFORMED: the message is not UTF-8',
      '1',
    ]);
  });

  it.each([
    ['no length', 'X-Trace: 7\r\n\r\n', 'the header has no Content-Length'],
    ['a negative length', 'Content-Length: -1\r\n', 'Content-Length is "-1": it must be a number of bytes'],
    ['a length in words', 'Content-Length: NaN\r\n', 'Content-Length is "NaN"'],
    ['a length with a fraction', 'Content-Length: 1.5\r\n', 'Content-Length is "1.5"'],
    ['an empty length', 'Content-Length:\r\n', 'Content-Length is ""'],
    ['an endless length', `Content-Length: ${'9'.repeat(30)}\r\n`, 'Content-Length is "9999'],
    [
      'a length beyond belief',
      'Content-Length: 1025\r\n\r\n',
      'Content-Length is 1025: a message may have 16 bytes',
    ],
    ['two lengths', 'Content-Length: 1\r\nContent-Length: 2\r\n', 'Content-Length is there twice: 1 and 2'],
    ['no field', 'hello\r\n', '"hello" is not a header field such as "Content-Length: 42"'],
    ['the other framing', '{"jsonrpc":"2.0"}\n', 'start quickscrape rpc without --framing content-length'],
    ['an endless line', 'x'.repeat(4097), 'the header is over 4096 bytes'],
    ['an endless header', 'X-Trace: 7\r\n'.repeat(400), 'the header is over 4096 bytes'],
  ])('is given up at a header with %s', (_, header, reason) => {
    const [said, ...more] = messages(header, framed('1'));
    expect(said).toContain(`LOST: ${reason.startsWith('start') ? '' : reason}`);
    expect(said).toContain(reason);
    expect(more).toEqual([]);
  });

  it('reports a message that the end of input cut off', () => {
    const cut = 'MALFORMED: the input ended within a message';
    expect(messages('Content-Length: 5\r\n\r\n[1')).toEqual([cut]);
    expect(messages('Content-Len')).toEqual([cut]);
    expect(messages(framed('1'))).toEqual(['1']);
    expect(messages('')).toEqual([]);
  });

  it('keeps nothing of a message that is too large', () => {
    const splitter = new ContentLengthSplitter(1024 * 1024);
    expect(shortly(splitter.push(Buffer.from(`Content-Length: ${64 * 1024 * 1024}\r\n\r\n`)))).toEqual([
      'TOO LARGE',
    ]);
    collectGarbage();
    const before = process.memoryUsage().arrayBuffers;
    for (let n = 0; n < 1_024; n += 1) expect(splitter.push(Buffer.alloc(64 * 1024))).toEqual([]);
    collectGarbage();
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1024 * 1024);
    expect(shortly(splitter.push(Buffer.from(framed('1'))))).toEqual(['1']);
  });

  it('gives the same messages in any chunks', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 6 }).map((text) => Buffer.from(framed(JSON.stringify(text)))),
      fc
        .constantFrom(
          '\r\n',
          '\n',
          'Content-Length: 3',
          'Content-Length: 20',
          '\r\n\r\n',
          'X: y',
          '{}',
          'x'.repeat(4000),
        )
        .map((text) => Buffer.from(text)),
      fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes)),
    );
    fc.assert(
      fc.property(
        cutBytes(fc.array(piece, { maxLength: 12 }).map((all) => Buffer.concat(all))),
        ({ bytes, chunks }) => {
          const whole = framesOf(new ContentLengthSplitter(LIMIT), [bytes]);
          expect(framesOf(new ContentLengthSplitter(LIMIT), chunks)).toEqual(whole);
        },
      ),
    );
  });
});
