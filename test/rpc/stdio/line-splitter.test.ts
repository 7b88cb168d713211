import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineSplitter } from '../../../src/rpc/stdio/line-splitter.ts';
import { collectGarbage } from '../../collect-garbage.ts';
import { cutBytes, framesOf, shortly } from './chunks.ts';

const LIMIT = 16;

function messages(...chunks: (string | Buffer)[]): string[] {
  return shortly(
    framesOf(
      new LineSplitter(LIMIT),
      chunks.map((chunk) => Buffer.from(chunk)),
    ),
  );
}

describe('a stream of lines', () => {
  it('is one message a line, with LF or CRLF, and the last one counts without', () => {
    expect(messages('{"a":1}\n{"b":2}\r\n{"c":3}')).toEqual(['{"a":1}', '{"b":2}', '{"c":3}']);
  });

  it('gives a message as soon as its line has ended', () => {
    const splitter = new LineSplitter(LIMIT);
    expect(shortly(splitter.push(Buffer.from('{"a"')))).toEqual([]);
    expect(shortly(splitter.push(Buffer.from(':1}\n{')))).toEqual(['{"a":1}']);
  });

  it('has no messages in blank lines', () => {
    expect(messages('\n\r\n  \t\n1\n\n')).toEqual(['1']);
    expect(messages('')).toEqual([]);
  });

  it('keeps a character that is cut between two chunks, and leaves out a byte order mark', () => {
    const [head, tail] = [Buffer.from('"ü€"').subarray(0, 2), Buffer.from('"ü€"\n').subarray(2)];
    expect(messages(head, tail)).toEqual(['"ü€"']);
    expect(messages('\uFEFF[]\n')).toEqual(['[]']);
  });

  it('reports bytes that are not UTF-8, and goes on', () => {
    expect(messages(Buffer.from([0x22, 0xff, 0x22, 0x0a]), '1\n')).toEqual([
      'MALFORMED: the message is not UTF-8',
      '1',
    ]);
  });

  it('counts the bytes of a line without its end', () => {
    const full = 'x'.repeat(LIMIT);
    expect(messages(`${full}\n${full}\r\n${full}`)).toEqual([full, full, full]);
    expect(messages(`${full}x\n1\n`)).toEqual(['TOO LARGE', '1']);
    expect(messages(`${'ü'.repeat(9)}\n`)).toEqual(['TOO LARGE']);
  });

  it('reports a line that is too long once, before its end has come, and keeps none of it', () => {
    const splitter = new LineSplitter(LIMIT);
    const chunk = Buffer.alloc(64 * 1024, 'x');
    expect(shortly(splitter.push(chunk))).toEqual(['TOO LARGE']);
    collectGarbage();
    const before = process.memoryUsage().arrayBuffers;
    for (let n = 0; n < 1_000; n += 1) expect(splitter.push(Buffer.from(chunk))).toEqual([]);
    collectGarbage();
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1024 * 1024);
    expect(shortly(splitter.push(Buffer.from('\n2\n')))).toEqual(['2']);
    expect(splitter.end()).toEqual([]);
  });

  it('costs little when it comes byte by byte', () => {
    const splitter = new LineSplitter(1024 * 1024);
    collectGarbage();
    const before = process.memoryUsage();
    for (let n = 0; n < 400_000; n += 1) splitter.push(Buffer.alloc(1, 'x'));
    collectGarbage();
    const after = process.memoryUsage();
    expect(after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers).toBeLessThan(
      48 * 1024 * 1024,
    );
    expect(splitter.push(Buffer.from('\n'))[0]).toMatchObject({ kind: 'message', text: 'x'.repeat(400_000) });
  });

  it('gives the same messages in any chunks', () => {
    const piece = fc.oneof(
      fc
        .constantFrom('\n', '\r\n', '\r', ' ', '{"a":1}', 'ü', '€', '\uFEFF')
        .map((text) => Buffer.from(text)),
      fc.uint8Array({ maxLength: 24 }).map((bytes) => Buffer.from(bytes)),
    );
    fc.assert(
      fc.property(
        cutBytes(fc.array(piece, { maxLength: 30 }).map((all) => Buffer.concat(all))),
        ({ bytes, chunks }) => {
          expect(framesOf(new LineSplitter(LIMIT), chunks)).toEqual(
            framesOf(new LineSplitter(LIMIT), [bytes]),
          );
        },
      ),
    );
  });

  it('gives back every message that was written', () => {
    const text = fc.string({ unit: 'binary', maxLength: 8 }).map((value) => JSON.stringify(value));
    fc.assert(
      fc.property(fc.array(text), fc.constantFrom('\n', '\r\n'), fc.nat(5), (texts, end, size) => {
        const stream = Buffer.from(texts.map((line) => line + end).join(''));
        const chunks = Array.from({ length: Math.ceil(stream.length / (size + 1)) }, (_, index) =>
          stream.subarray(index * (size + 1), (index + 1) * (size + 1)),
        );
        expect(shortly(framesOf(new LineSplitter(1_000), chunks))).toEqual(texts);
      }),
    );
  });
});
