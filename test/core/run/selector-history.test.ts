import { mkdirSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { runFiles } from '../../../src/core/run/run-files.ts';
import type { SelectorCounts } from '../../../src/core/run/selector-counts.ts';
import { judgeSelectors, selectorHistory } from '../../../src/core/run/selector-history.ts';
import { openHome } from '../operations/open-home.ts';

/** What a run found whose price selector matched so often on so many pages. */
function counts(matched: number, pages = 1, selector = '.price'): SelectorCounts {
  return { pages, items: 20, selectors: { price: { selector, matched, filled: matched } } };
}

const judged = (now: SelectorCounts, before: SelectorCounts[]) => judgeSelectors(now, before)[0];

it('a selector has stopped when it matched nothing though it usually does', () => {
  expect(judged(counts(0), [counts(20), counts(20), counts(19)])).toEqual({
    field: 'price',
    selector: '.price',
    matched: 0,
    filled: 0,
    usual: 20,
    stopped: true,
  });
  expect(judged(counts(3), [counts(20)])).toMatchObject({ usual: 20, stopped: false });
});

it('what is usual is the median, so one odd run among the good ones changes little', () => {
  expect(judged(counts(0), [counts(20), counts(900), counts(20)])).toMatchObject({ usual: 20 });
  expect(judged(counts(0), [counts(20), counts(0), counts(0)])).toMatchObject({ usual: 0, stopped: false });
  expect(judged(counts(0), [counts(10), counts(20)])).toMatchObject({ usual: 15 });
});

it('runs with more or fewer pages are compared by the page', () => {
  expect(judged(counts(0, 2), [counts(1000, 50), counts(800, 40)])).toMatchObject({
    usual: 40,
    stopped: true,
  });
});

it('without pages, or without earlier runs that knew the field, nothing is usual', () => {
  const nothing = { usual: null, stopped: false };
  expect(judged(counts(0, 0), [counts(20)])).toMatchObject(nothing);
  expect(judged(counts(0), [])).toMatchObject(nothing);
  expect(judged(counts(0), [counts(0, 0)])).toMatchObject(nothing);
  expect(judged(counts(0), [{ pages: 1, items: 1, selectors: {} }])).toMatchObject(nothing);
});

it('a rewritten selector is held against the one that it replaced', () => {
  expect(judged(counts(0, 1, '.amount'), [counts(20)])).toMatchObject({ selector: '.amount', stopped: true });
});

it('the runs that count are the last ten of the job and its configuration that succeeded before', async () => {
  const { workspace } = await openHome();
  const add = (
    runId: string,
    at: number,
    matched: number | string,
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
    writeFileSync(files.selectors, typeof matched === 'string' ? matched : JSON.stringify(counts(matched)));
  };
  for (let index = 0; index < 5; index++) add(`old${index}`, index, 900);
  for (let index = 0; index < 8; index++) add(`good${index}`, 10 + index, 20);
  add('damaged', 20, '{"pages":');
  add('older', 21, '{"pages":-1,"items":0,"selectors":{}}');
  for (let index = 0; index < 9; index++) {
    add(`failed${index}`, 30 + index, 7, { status: 'failed' });
    add(`foreign${index}`, 30 + index, 7, { job: 'other' });
    add(`elsewhere${index}`, 30 + index, 7, { config: 'news' });
  }
  add('now', 50, 0);
  for (let index = 0; index < 9; index++) add(`later${index}`, 60 + index, 7);
  const run = workspace.runs.find('now');
  expect(selectorHistory(workspace, run)).toMatchObject([{ usual: 20, stopped: true }]);
  expect(selectorHistory(workspace, workspace.runs.find('damaged'))).toEqual([]);
});
