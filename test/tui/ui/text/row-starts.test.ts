import fc from 'fast-check';
import { expect, it } from 'vitest';
import { displayWidth } from '../../../../src/core/lib/display-width.ts';
import { cellSlice, rowStarts, wordRowStarts } from '../../../../src/tui/ui/text/fit.ts';

const text = fc
  .array(fc.oneof(fc.string(), fc.constantFrom('価格', '👩‍👩‍👧', 'é', 'e\u0301', 'ａ', '…', ' ')))
  .map((parts) => parts.join(''));

it('breaks a text into rows that fit and together are the text', () => {
  fc.assert(
    fc.property(text, fc.integer({ min: 2, max: 30 }), (line, columns) => {
      const starts = rowStarts(line, columns);
      const rows = starts.map((start, index) => line.slice(start, starts[index + 1]));
      expect(rows.join('')).toBe(line);
      for (const [index, row] of rows.entries()) {
        expect(displayWidth(row)).toBeLessThanOrEqual(columns);
        // No row ends while the next character would still have had room.
        if (index < rows.length - 1) expect(displayWidth(row)).toBeGreaterThanOrEqual(columns - 1);
      }
    }),
  );
});

it('a row of wide characters holds half as many', () => {
  expect(rowStarts('価格価格価', 4)).toEqual([0, 2, 4]);
  expect(rowStarts('a価格', 4)).toEqual([0, 2]);
  expect(rowStarts('', 4)).toEqual([0]);
  expect(rowStarts('価', 1)).toEqual([0]);
});

it('cuts a part out by cells; a divided character becomes a gap', () => {
  const part = (line: string, left: number, columns: number) => {
    const { start, end, gap } = cellSlice(line, left, columns);
    return ' '.repeat(gap) + line.slice(start, end);
  };
  expect(part('abcdef', 2, 3)).toBe('cde');
  expect(part('価格ab', 1, 3)).toBe(' 格');
  expect(part('価格ab', 2, 3)).toBe('格a');
  expect(part('価格ab', 9, 3)).toBe('');
  expect(part('ab価', 3, 3)).toBe(' ');
  fc.assert(
    fc.property(
      text,
      fc.integer({ min: 0, max: 20 }),
      fc.integer({ min: 1, max: 20 }),
      (line, left, columns) => {
        const cells = displayWidth(part(line, left, columns));
        expect(cells).toBeLessThanOrEqual(columns);
        expect(cells).toBeGreaterThanOrEqual(Math.min(columns - 1, displayWidth(line) - left));
      },
    ),
  );
});

it('breaks at blanks where a row has one, and within a word that is wider than a row', () => {
  const rows = (line: string, columns: number) => {
    const starts = wordRowStarts(line, columns);
    return starts.map((start, index) => line.slice(start, starts[index + 1]));
  };
  expect(rows('price matched nothing; the end', 10)).toEqual(['price ', 'matched ', 'nothing; ', 'the end']);
  expect(rows('ab  cd', 2)).toEqual(['ab  ', 'cd']);
  expect(rows('a /tmp/runs/1.html', 6)).toEqual(['a ', '/tmp/r', 'uns/1.', 'html']);
  expect(rows('価格 価', 4)).toEqual(['価格 ', '価']);
  fc.assert(
    fc.property(text, fc.integer({ min: 2, max: 30 }), (line, columns) => {
      expect(rows(line, columns).join('')).toBe(line);
      for (const row of rows(line, columns))
        expect(displayWidth(row.replace(/ +$/, ''))).toBeLessThanOrEqual(columns);
    }),
  );
});
