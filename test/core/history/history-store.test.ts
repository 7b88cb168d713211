import fc from 'fast-check';
import { expect, it } from 'vitest';
import { HistoryFile } from '../../../src/core/history/history-file.ts';
import { HistoryReader } from '../../../src/core/history/read-history.ts';
import { trimHistory } from '../../../src/core/history/trim-history.ts';
import { HistoryWriter } from '../../../src/core/history/write-history.ts';
import type { HistoryRules } from '../../../src/core/model/history-rules.ts';
import { makeRunFolder, runFiles } from '../../../src/core/runs/run-files.ts';
import { openTempWorkspace } from '../../temp-workspace.ts';

const RULES: HistoryRules = { fields: ['price'], key: ['id'], ignore_case: false, ignore_whitespace: false };

type Row = { id: string; price: unknown };

async function* inBatches(rows: readonly Row[]) {
  yield rows.map((item) => ({ item: { ...item } }));
}

/** A file with the values of these runs. */
async function written(runs: readonly (readonly Row[])[], jobId = 'mine'): Promise<HistoryFile> {
  const { paths } = openTempWorkspace();
  makeRunFolder(runFiles(paths, jobId, 'any'));
  const file = HistoryFile.open(paths, jobId, 100);
  if (file === undefined) throw new Error('no file');
  for (const [at, rows] of runs.entries()) await addRun(file, `run-${at}`, at, rows);
  return file;
}

async function addRun(file: HistoryFile, runId: string, at: number, rows: readonly Row[]) {
  return file.write(async () => {
    file.query('INSERT OR IGNORE INTO identities (id, rules) VALUES (1, ?) RETURNING id', [
      JSON.stringify([RULES.key, RULES.ignore_case, RULES.ignore_whitespace]),
    ]);
    return new HistoryWriter(file.connection, RULES, 1).add({ runId, at }, inBatches(rows), undefined);
  });
}

const everything = { until: Number.MAX_SAFE_INTEGER, limit: 1_000, offset: 0 };

/** The price after each run, from what is kept; `undefined` for a row that is not there. */
function replay(file: HistoryFile, id: string, runs: number): unknown[] {
  const reader = new HistoryReader(file, RULES);
  const item = reader.find([id]);
  const kept = item === undefined ? [] : reader.values(item, everything).values.toReversed();
  return Array.from({ length: runs }, (_, at) => {
    const last = kept.findLast((value) => value.at <= at);
    return last === undefined || last.isGone ? undefined : (last.value ?? null);
  });
}

const price = fc.oneof(
  fc.integer({ min: 0, max: 3 }),
  fc.constantFrom('£1.00', 'sold', '', null, [1], { amount: 2, currency: 'GBP' }),
);
const run = fc.uniqueArray(fc.record({ id: fc.constantFrom('a', 'b', '7', 'ä"\\'), price }), {
  selector: ({ id }) => id,
  maxLength: 4,
});

it('what is kept gives back each value of each run, and holds none that did not change', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(run, { minLength: 1, maxLength: 8 }), async (runs) => {
      const file = await written(runs);
      try {
        for (const id of ['a', 'b', '7', 'ä"\\']) {
          const shown = runs.map((rows) => rows.find((row) => row.id === id)?.price);
          // A row whose value was always empty has no value to keep.
          const had = shown.map((value, at) =>
            value === null && shown.slice(0, at).every((one) => one === null || one === undefined)
              ? undefined
              : value,
          );
          const gaps = replay(file, id, runs.length).map((value) => value ?? null);
          expect(gaps).toEqual(had.map((value) => value ?? null));
          const reader = new HistoryReader(file, RULES);
          const item = reader.find([id]);
          const kept = item === undefined ? [] : reader.values(item, everything).values;
          for (const [at, value] of kept.entries()) {
            const before = kept[at + 1];
            if (before !== undefined && !before.isGone && !value.isGone)
              expect(value.value).not.toEqual(before.value);
          }
        }
      } finally {
        file.close();
      }
    }),
    { numRuns: 15 },
  );
});

it('a run without any key of the rows changes nothing, an empty one ends them all', async () => {
  const file = await written([[{ id: 'a', price: 1 }]]);
  await addRun(file, 'other', 1, [{ name: 'x', price: 2 } as never]);
  const reader = new HistoryReader(file, RULES);
  expect(reader.find(['a'])?.isGone).toBe(false);
  await addRun(file, 'empty', 2, []);
  expect(reader.find(['a'])?.isGone).toBe(true);
  file.close();
});

it('with too many values those of the oldest runs go, but not the last one of a row', async () => {
  const runs = Array.from({ length: 20 }, (_, at) => [
    { id: 'often', price: at },
    { id: 'seldom', price: 1 },
  ]);
  const file = await written(runs);
  trimHistory(file, 10);
  const reader = new HistoryReader(file, RULES);
  const pricesOf = (id: string) => {
    const item = reader.find([id]);
    return item === undefined ? [] : reader.values(item, everything).values.map(({ value }) => value);
  };
  expect(pricesOf('often')).toEqual([19, 18, 17, 16, 15, 14, 13, 12, 11]);
  expect(pricesOf('seldom')).toEqual([1]);
  expect(file.query('SELECT sum(number) AS n FROM runs')).toEqual([{ n: 10 }]);
  trimHistory(file, 10);
  expect(pricesOf('often')).toHaveLength(9);
  file.close();
});

it('since leaves out what was before, in figures and in lists', async () => {
  const file = await written([[{ id: 'a', price: 5 }], [{ id: 'a', price: 9 }], [{ id: 'a', price: 7 }]]);
  const reader = new HistoryReader(file, RULES);
  const item = reader.find(['a']);
  if (item === undefined) throw new Error('no row');
  expect(reader.values(item, { ...everything, since: 1 }).values.map(({ value }) => value)).toEqual([7, 9]);
  expect(reader.figures(item, { since: 1 })).toMatchObject([
    { values: 2, first: { value: 9 }, lowest: { value: 7 }, highest: { value: 9 } },
  ]);
  expect(reader.changes('rise', { ...everything, since: 2 }).changes).toEqual([]);
  expect(reader.changes('fall', { ...everything, since: 2 }).changes).toMatchObject([
    { value: 7, before: 9 },
  ]);
  file.close();
});
