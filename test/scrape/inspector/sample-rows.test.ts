import { expect, it } from 'vitest';
import { SampleRows } from '../../../src/scrape/inspector/test-run.ts';

const same = (text: string) => text;

it('keeps as many rows as are wanted, from however many pages', async () => {
  const rows = new SampleRows(3);
  await rows.add([{ n: 1 }, { n: 2 }]);
  await rows.add([{ n: 3 }, { n: 4 }]);
  expect(rows.shown(same)).toEqual({ rows: [{ n: 1 }, { n: 2 }, { n: 3 }], notes: [] });
});

it('cuts long texts between characters and long lists, at any depth, with one note', async () => {
  const rows = new SampleRows(1);
  await rows.add([
    { a: `${'x'.repeat(999)}😀`, list: [{ b: Array(60).fill('y'.repeat(1_001)) }], none: null },
  ]);
  const cut = { b: Array(50).fill(`${'y'.repeat(1_000)}…`) };
  expect(rows.shown(same)).toEqual({
    rows: [{ a: `${'x'.repeat(999)}…`, list: [cut], none: null }],
    notes: [expect.stringContaining('1000 characters of a text and 50 entries of a list')],
  });
});

it('shows fewer rows than asked for when they are huge', async () => {
  const rows = new SampleRows(50);
  await rows.add(Array(50).fill({ list: Array(50).fill('z'.repeat(500)) }));
  const { rows: shown, notes } = rows.shown(same);
  expect(JSON.stringify(shown).length).toBeLessThan(200_000);
  expect(notes).toEqual([
    `the sample is ${50 - shown.length} rows shorter than requested: its rows are very long`,
  ]);
});

it('redacts what it shows, at any depth', async () => {
  const rows = new SampleRows(1);
  await rows.add([{ a: 'is secret', deep: [{ b: 'secret' }] }]);
  expect(rows.shown((text) => text.replaceAll('secret', '${S}')).rows).toEqual([
    { a: 'is ${S}', deep: [{ b: '${S}' }] },
  ]);
});
