import { expect, it } from 'vitest';
import { displayWidth } from '../../../../src/core/lib/display-width.ts';
import { rowStarts, wrapText } from '../../../../src/tui/ui/text/fit.ts';

it('breaks a text at blanks, and words that are too long anywhere', () => {
  expect(wrapText('one two three', 7)).toEqual(['one two', 'three']);
  expect(wrapText('one two three', 8)).toEqual(['one two', 'three']);
  expect(wrapText('a verylongword b', 5)).toEqual(['a', 'veryl', 'ongwo', 'rd b']);
  expect(wrapText('', 5)).toEqual(['']);
});

it('counts cells, not characters, and ends at any width', () => {
  for (const columns of [0, 1, 2, 7]) {
    const rows = wrapText('価格 is 価格価格価格 and 👩‍👩‍👧 x', columns);
    expect(rows.join('').replaceAll(' ', '')).toBe('価格is価格価格価格and👩‍👩‍👧x');
    for (const row of rows) expect(displayWidth(row)).toBeLessThanOrEqual(Math.max(2, columns));
  }
});

it('a text without blanks is broken as one of any text is', () => {
  for (const text of ['x'.repeat(500), '長'.repeat(500), 'x長é👩‍👩‍👧'.repeat(90)]) {
    const starts = rowStarts(text, 7);
    expect(starts.length).toBeGreaterThan(50);
    expect(wrapText(text, 7)).toEqual(starts.map((start, at) => text.slice(start, starts[at + 1])));
    expect(rowStarts(text, 7, 3)).toEqual(starts.slice(0, 3));
  }
});
