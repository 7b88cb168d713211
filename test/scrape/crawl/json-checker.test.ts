import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonChecker, NotAllowed } from '../../../src/scrape/crawl/json-checker.ts';
import { propertyRuns } from '../../property-runs.ts';

/** Checks a text that arrives in pieces of a size. */
function check(text: string, size: number, isInList = false): number {
  const bytes = Buffer.from(text);
  const checker = new JsonChecker(isInList);
  for (let at = 0; at < bytes.length; at += size) {
    const piece = bytes.subarray(at, at + size);
    const end = checker.read(piece);
    if (end < piece.length) return at + end;
  }
  return bytes.length;
}

/** Whether a text is the whole of a list's entries. */
function isAccepted(entries: string, size: number): boolean {
  const text = `[${entries}]`;
  try {
    // A text that is not complete goes on.
    return check(`${text} `, size) === Buffer.byteLength(text);
  } catch (error) {
    if (error instanceof NotAllowed) return false;
    throw error;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('the checker of JSON', () => {
  it('accepts what JSON.parse reads, however it arrives', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), fc.integer({ min: 1, max: 20 }), (text, size) => {
        expect(isAccepted(text, size)).toBe(true);
      }),
      { numRuns: propertyRuns(400) },
    );
  });

  it('refuses what JSON.parse refuses', () => {
    const sign = fc.constantFrom(...'{}[],:"\\ \n1-.eu0tx', 'true', '"a"', '\\n', '\\u00e9', 'null', '"a":');
    fc.assert(
      fc.property(fc.array(sign, { maxLength: 8 }), fc.integer({ min: 1, max: 5 }), (signs, size) => {
        const text = signs.join('');
        expect(isAccepted(text, size)).toBe(isJson(`[${text}]`));
      }),
      { numRuns: propertyRuns(4_000) },
    );
  });

  it.each(['1 2', '01', '1,,2', '{"a"}', '{"a":1,}', '{a:1}', "'a'", '"\\x"', '"\t"', 'nul', '+1', '[}'])(
    'refuses %s',
    (text) => {
      expect([1, 3, 100].map((size) => isAccepted(text, size))).toEqual([false, false, false]);
    },
  );

  it('stops at the bracket that ends the list that it began in, and counts its commas', () => {
    const checker = new JsonChecker(true);
    expect(checker.read(Buffer.from('1,[2,3],{"a":"]"}], more'))).toBe(17);
    expect(checker.commas).toBe(2);
    expect(() => new JsonChecker(true).read(Buffer.from('1}'))).toThrow(NotAllowed);
  });
});
