import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { displayWidth } from '../../../src/core/lib/display-width.ts';
import { cellOf, drawChart, markRow, rowOf } from '../../../src/tui/ui/chart.ts';
import { propertyRuns } from '../../property-runs.ts';

const SIGNS = ['braille', 'blocks', 'ascii'] as const;
const someValues = fc.array(fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })), {
  maxLength: 300,
});
const someArea = fc.record({
  columns: fc.integer({ min: 1, max: 120 }),
  rows: fc.integer({ min: 1, max: 20 }),
  signs: fc.constantFrom(...SIGNS),
});

describe('a chart', () => {
  it('has its highest value in the first row and its lowest in the last, not zero', () => {
    const values = [882, 900, 918, 890];
    expect(drawChart(values, { columns: 4, rows: 3, signs: 'ascii' })).toEqual({
      rows: ['  * ', ' * *', '*  *'],
      lowest: 882,
      highest: 918,
    });
    expect(drawChart(values, { columns: 4, rows: 1, signs: 'blocks' })?.rows).toEqual(['▁▅█▃']);
    expect(drawChart([0, 1], { columns: 1, rows: 1, signs: 'braille' })?.rows).toEqual(['⣸']);
  });

  it('fills the area below in Braille where the last row is zero, and only there', () => {
    const area = { columns: 4, rows: 2, signs: 'braille' } as const;
    expect(drawChart([0, 4, 4], area)?.rows).toEqual([' ⢠⣿⡇', '⢀⣾⣿⡇']);
    expect(drawChart([1, 5, 5], area)?.rows).toEqual([' ⢠⠋⠁', '⢀⠎  ']);
    const success = drawChart([100, 100], { ...area, scale: { from: 0, to: 100 } })?.rows;
    expect(success).toEqual([' ⣿⣿⡇', ' ⣿⣿⡇']);
  });

  it('has a line of two dots where it is six rows high', () => {
    const flat = [1, 2, 2, 2];
    const line = (rows: number) => drawChart(flat, { columns: 4, rows, signs: 'braille' })?.rows[0]?.at(-1);
    expect([line(5), line(6)]).toEqual(['⠉', '⠛']);
  });

  it('knows the row of each of its values', () => {
    for (const signs of SIGNS)
      expect([0, 5, 10].map((value) => rowOf(value, { lowest: 0, highest: 10 }, { rows: 9, signs }))).toEqual(
        [8, 4, 0],
      );
  });

  it('has a gap where there is no value, and draws no line across it', () => {
    expect(drawChart([1, null, 3], { columns: 6, rows: 2, signs: 'ascii' })?.rows).toEqual([
      '     *',
      ' *    ',
    ]);
    expect(drawChart([1, null, 3], { columns: 6, rows: 1, signs: 'blocks' })?.rows).toEqual(['▁▁  ██']);
  });

  it('shows equal values as a line in the middle, and nothing without a value', () => {
    expect(drawChart([5, 5, 5], { columns: 3, rows: 3, signs: 'ascii' })?.rows).toEqual([
      '   ',
      '***',
      '   ',
    ]);
    expect(drawChart([5, 5], { columns: 2, rows: 3, signs: 'blocks' })?.rows).toEqual(['  ', '▄▄', '  ']);
    expect(drawChart([null, null], { columns: 3, rows: 3, signs: 'ascii' })).toBeUndefined();
    expect(drawChart([], { columns: 3, rows: 3, signs: 'braille' })).toBeUndefined();
  });

  it('keeps both ends of its scale where several values share a column of bars', () => {
    const values = Array.from({ length: 100 }, (_, at) => (at === 41 ? 0 : at === 77 ? 100 : 50));
    const line = drawChart(values, { columns: 10, rows: 1, signs: 'blocks' })?.rows[0];
    expect(line).toBe('▅▅▅▅▁▅▅█▅▅');
  });

  it('covers no low value where these are looked for, however many share a column', () => {
    const values = [1, 1, 0, 1, 1, 1, 0.5, 1];
    const scale = { from: 0, to: 1 };
    const area = { columns: 2, rows: 1, scale, showsLowest: true } as const;
    expect(drawChart(values, { ...area, signs: 'blocks' })?.rows).toEqual(['▁▅']);
    expect(drawChart(values, { ...area, signs: 'braille' })?.rows).toEqual(['⣇⣷']);
    expect(drawChart(values, { ...area, columns: 8, signs: 'ascii', rows: 3 })?.rows).toEqual([
      '** *** *',
      '      * ',
      '  *     ',
    ]);
  });

  it('fills its area exactly, for any values', () => {
    fc.assert(
      fc.property(someValues, someArea, (values, area) => {
        const chart = drawChart(values, area);
        if (chart === undefined) {
          expect(values.every((value) => value === null)).toBe(true);
          return;
        }
        expect(chart.rows).toHaveLength(area.rows);
        for (const row of chart.rows) expect(displayWidth(row)).toBe(area.columns);
      }),
      { numRuns: propertyRuns(400) },
    );
  });

  it('has every value within its scale, and draws something in its first and its last row', () => {
    fc.assert(
      fc.property(someValues, someArea, (values, area) => {
        const chart = drawChart(values, area);
        const known = values.filter((value) => value !== null);
        for (const value of known) {
          expect(value).toBeGreaterThanOrEqual(chart?.lowest ?? Number.NaN);
          expect(value).toBeLessThanOrEqual(chart?.highest ?? Number.NaN);
        }
        if (chart === undefined || chart.lowest === chart.highest) return;
        expect(chart.rows.at(-1)?.trim()).not.toBe('');
        if (area.signs !== 'blocks' || values.length <= area.columns)
          expect(chart.rows[0]?.trim()).not.toBe('');
      }),
      { numRuns: propertyRuns(400) },
    );
  });
});

describe('the marks below a chart', () => {
  it('stand below their values', () => {
    const marks = [null, '✗', null, '✗'];
    expect(markRow(marks, 8)).toBe('   ✗   ✗');
    expect(markRow(marks, 2)).toBe('✗✗');
    expect(markRow([], 3)).toBe('   ');
  });

  it('are exactly as wide as asked, each in the cell of its value', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(null, '✗'), { maxLength: 200 }),
        fc.integer({ min: 1, max: 120 }),
        (marks, columns) => {
          const row = markRow(marks, columns);
          expect(displayWidth(row)).toBe(columns);
          for (const [index, mark] of marks.entries()) {
            const cell = cellOf(index, marks.length, columns);
            expect(cell).toBeLessThan(columns);
            if (mark !== null) expect(row[cell]).toBe('✗');
          }
        },
      ),
      { numRuns: propertyRuns(400) },
    );
  });
});
