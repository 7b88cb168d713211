import { describe, expect, it } from 'vitest';
import { diffLines, mergeTexts, splitIntoLines } from '../../../src/core/lib/line-diff.ts';

/** `a -b +c`: the lines of a comparison in short. */
function differences(before: string, after: string): string {
  const signs = { same: '', removed: '-', added: '+' } as const;
  return diffLines(before.split(' '), after.split(' '))
    .map(({ kind, text }) => `${signs[kind]}${text}`)
    .join(' ');
}

describe('a comparison by lines', () => {
  it('finds added, removed and changed lines and keeps the rest', () => {
    expect(differences('a b c', 'a b c')).toBe('a b c');
    expect(differences('a b c', 'a x c')).toBe('a -b +x c');
    expect(differences('a b', 'z a b y')).toBe('+z a b +y');
    expect(differences('a b c d e', 'b x d')).toBe('-a b -c +x d -e');
  });

  it('numbers the lines of both texts', () => {
    expect(diffLines(['a', 'b'], ['x', 'b'])).toEqual([
      { kind: 'removed', before: 0, text: 'a' },
      { kind: 'added', after: 0, text: 'x' },
      { kind: 'same', before: 1, after: 1, text: 'b' },
    ]);
  });

  it('turns the first text into the second, for any two texts', () => {
    for (let seed = 1; seed < 200; seed += 1) {
      const letters = (salt: number) =>
        Array.from({ length: (seed * salt) % 9 }, (_, at) => 'abc'[(seed * (at + salt) * 7) % 3] ?? '');
      const [before, after] = [letters(3), letters(5)];
      const lines = diffLines(before, after);
      expect(lines.flatMap((line) => (line.kind === 'added' ? [] : [line.text]))).toEqual(before);
      expect(lines.flatMap((line) => (line.kind === 'removed' ? [] : [line.text]))).toEqual(after);
    }
  });

  it('counts as replaced as a whole what differs nearly everywhere', () => {
    const lines = (letter: string) => Array.from({ length: 20_000 }, (_, at) => `${letter}${at}`);
    const compared = diffLines(lines('a'), lines('b'));
    expect(compared.map(({ text }) => text)).toEqual([...lines('a'), ...lines('b')]);
  });

  it('keeps equal lines around hundreds of changed ones', () => {
    const lines = (changed: string) =>
      Array.from({ length: 1_000 }, (_, at) => (at % 3 === 0 ? `${changed}${at}` : `${at}`));
    const compared = diffLines(lines('a'), lines('b'));
    expect(compared.filter(({ kind }) => kind === 'same')).toHaveLength(666);
  });

  it('counts a line break at the end as the end of the last line', () => {
    expect(splitIntoLines('a\r\nb\n')).toEqual(['a', 'b']);
    expect(splitIntoLines('')).toEqual([]);
  });
});

describe('the changes of two', () => {
  const base = 'one\ntwo\nthree\nfour\n';

  it('are both in the text when they are on different lines', () => {
    const mine = base.replace('one', 'ONE');
    const theirs = `${base.replace('three\n', '')}five\n`;
    expect(mergeTexts(base, mine, theirs)).toEqual({ text: 'ONE\ntwo\nfour\nfive\n', overlaps: 0 });
  });

  it('stand once when they are the same', () => {
    const both = base.replace('two', '2');
    expect(mergeTexts(base, both, both)).toEqual({ text: both, overlaps: 0 });
  });

  it('stand between marks when they are of the same line, so that neither is lost', () => {
    const merged = mergeTexts(base, base.replace('two', 'mine'), base.replace('two', 'theirs'));
    expect(merged.overlaps).toBe(1);
    expect(merged.text).toBe('one\n<<<<<<< yours\nmine\n=======\ntheirs\n>>>>>>> theirs\nthree\nfour\n');
  });

  it('keep the line breaks of the text that is edited', () => {
    const crlf = (text: string) => text.replaceAll('\n', '\r\n');
    const theirs = base.replace('four', '4');
    expect(mergeTexts(crlf(base), crlf(base.replace('one', '1')), theirs)).toEqual({
      text: crlf('1\ntwo\nthree\n4\n'),
      overlaps: 0,
    });
    expect(mergeTexts(base, base.replace('two', '2'), crlf(theirs)).text).toBe('one\n2\nthree\n4\n');
  });

  it('are found in texts of thousands of equal lines', () => {
    const blank = '\n'.repeat(20_000);
    expect(mergeTexts(blank, `${blank}end\n`, `start\n${blank}`)).toEqual({
      text: `start\n${blank}end\n`,
      overlaps: 0,
    });
  });

  it('are both in a long configuration whose fields have equal lines', () => {
    const field = (at: number) => `  field_${at}:\n    selector: .f${at}\n    type: text\n\n`;
    const fields = Array.from({ length: 400 }, (_, at) => field(at)).join('');
    const mine = fields.replace('.f10\n', '.mine\n');
    const theirs = fields.replace('.f390\n', '.theirs\n');
    expect(mergeTexts(fields, mine, theirs)).toEqual({
      text: mine.replace('.f390\n', '.theirs\n'),
      overlaps: 0,
    });
  });

  it('keep the line breaks that most lines have', () => {
    expect(mergeTexts('a\n', 'a\r\nb\nc\n', 'a\nd\n').text).not.toContain('\r\n');
  });
});
