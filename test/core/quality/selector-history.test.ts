import { mkdirSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';
import {
  baselineFill,
  baselineMatches,
  earlierFindings,
  loadBaseline,
  selectorKey,
} from '../../../src/core/quality/selector-history.ts';
import { runFiles } from '../../../src/core/runs/run-files.ts';
import { listFindings, type SelectorFindings } from '../../../src/core/runs/selector-findings.ts';
import { it } from '../operations/open-home.ts';

/** What a run found whose price selector matched so often on so many pages. */
function found(matched: number, pages = 1, stopped = false): SelectorFindings {
  const price = { selector: '.price', matched, pages, filled: matched, usual: null, stopped };
  return { pages, items: 20, selectors: { price }, parts: {}, shape: null, warnings: [], misses: {} };
}

const PRICE = { part: 'field', field: 'price' } as const;
const usual = (pages: number, before: Iterable<SelectorFindings>) =>
  baselineMatches([PRICE], pages, before).get(selectorKey(PRICE));

it('the usual value is the median, so one odd run changes little', () => {
  expect(usual(1, [found(20), found(900), found(20)])).toBe(20);
  expect(usual(1, [found(20), found(0), found(0)])).toBe(0);
  expect(usual(1, [found(10), found(20)])).toBe(15);
});

it('runs with more or fewer pages are compared by the page', () => {
  expect(usual(2, [found(1000, 50), found(800, 40)])).toBe(40);
});

it('a run whose selector had stopped does not count for the usual value', () => {
  const weeks = Array.from({ length: 40 }, () => found(0, 1, true));
  expect(usual(1, [...weeks, found(20)])).toBe(20);
});

it('without pages, or without earlier runs that knew the field, nothing is usual', () => {
  expect(usual(0, [found(20)])).toBeUndefined();
  expect(usual(1, [])).toBeUndefined();
  expect(usual(1, [found(0, 0)])).toBeUndefined();
  expect(usual(1, [{ ...found(1), selectors: {} }])).toBeUndefined();
});

it('how full a field is is the median of runs with items in which its selector had not stopped', () => {
  const full = (filled: number, items = 20, stopped = false) => {
    return { ...found(filled, 1, stopped), items };
  };
  expect(baselineFill('price', [full(20), full(5), full(18)])).toEqual({ value: 90, runs: 3 });
  expect(baselineFill('price', [full(0, 20, true), full(0, 0), full(20)])).toEqual({ value: 100, runs: 1 });
  expect(baselineFill('price', [])).toBeNull();
  expect(baselineFill('constructor', [full(20)])).toBeNull();
});

it('how many items are usual is the median of the last ten runs that succeeded, by the same configuration', async ({
  workspace,
}) => {
  const add = (at: number, items: number, { status = 'succeeded', config = 'books', job = 'mine' } = {}) =>
    workspace.db.run(
      `INSERT INTO runs (run_id, job_id, config_name, trigger, requested_by, timezone, status, max_attempts, queued_at,
         not_before, items, pages)
       VALUES (?, ?, ?, 'manual', 'library', 'UTC', ?, 1, ?, 0, ?, 2)`,
      [`run-${at}`, job, config, status, at, items],
    );
  const usual = (at: number, since?: number) =>
    loadBaseline(workspace, workspace.runs.find(`run-${at}`), since);
  for (let at = 1; at <= 5; at += 1) add(at, 1_000);
  for (let at = 6; at <= 15; at += 1) add(at, at === 9 ? 7 : 40);
  add(16, 1, { status: 'failed' });
  add(17, 1, { config: 'news' });
  add(18, 1, { job: 'other' });
  add(19, 5);
  add(20, 1);
  // The ten before: 40 nine times but one with 7; those before them, and those that are no good runs of it, do not count.
  expect(usual(19).items).toEqual({ value: 40, runs: 10 });
  expect(usual(4).items).toEqual({ value: 1_000, runs: 3 });
  expect(usual(1)).toMatchObject({ items: null, pages: null });
  expect(usual(19).pages).toEqual({ value: 2, runs: 10 });
  expect(usual(20, 19).items).toEqual({ value: 5, runs: 1 });
  expect(usual(19, 19).items).toBeNull();
});

it('no more runs are read than are needed', () => {
  let read = 0;
  function* endless() {
    for (;;) {
      read += 1;
      yield found(read > 10 ? 900 : 20);
    }
  }
  expect(usual(1, endless())).toBe(20);
  expect(read).toBe(10);
});

it('the earlier runs are those of the job and its configuration that succeeded, newest first', async ({
  workspace,
}) => {
  const add = (
    runId: string,
    at: number,
    text: string,
    row: { config?: string; status?: string; job?: string } = {},
  ) => {
    const { config = 'books', status = 'succeeded', job = 'mine' } = row;
    workspace.db.run(
      `INSERT INTO runs (run_id, job_id, config_name, trigger, requested_by, timezone, status, max_attempts, queued_at, not_before)
       VALUES (?, ?, ?, 'manual', 'library', 'UTC', ?, 1, ?, ?)`,
      [runId, job, config, status, at, at],
    );
    const files = runFiles(workspace.paths, job, runId);
    mkdirSync(files.folder, { recursive: true });
    writeFileSync(files.selectors, text);
  };
  const text = (matched: number) => JSON.stringify(found(matched));
  add('first', 1, text(1));
  add('second', 2, text(2));
  add('damaged', 3, '{"pages":');
  add('foreign', 3, '{"pages":-1,"items":0,"selectors":{}}');
  add('failed', 3, text(3), { status: 'failed' });
  add('of-another-job', 3, text(4), { job: 'other' });
  add('of-another-site', 3, text(5), { config: 'news' });
  add('now', 4, text(6));
  add('later', 5, text(7));
  const earlier = [...earlierFindings(workspace, workspace.runs.find('now'))];
  expect(earlier.map(({ selectors }) => selectors['price']?.matched)).toEqual([2, 1]);
  expect(listFindings(workspace.paths, 'mine', 'now')).toMatchObject({
    selectors: [{ field: 'price', matched: 6 }],
    warnings: [],
    misses: {},
  });
  expect(listFindings(workspace.paths, 'mine', 'damaged')).toEqual({
    selectors: [],
    warnings: [],
    misses: {},
  });
});
