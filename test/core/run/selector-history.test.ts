import { mkdirSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { runFiles } from '../../../src/core/run/run-files.ts';
import { listSelectors, type SelectorFindings } from '../../../src/core/run/selector-findings.ts';
import { earlierFindings, usualMatches } from '../../../src/core/run/selector-history.ts';
import { openHome } from '../operations/open-home.ts';

/** What a run found whose price selector matched so often on so many pages. */
function found(matched: number, pages = 1, stopped = false): SelectorFindings {
  const price = { selector: '.price', matched, filled: matched, usual: null, stopped };
  return { pages, items: 20, selectors: { price } };
}

const usual = (pages: number, before: Iterable<SelectorFindings>) =>
  usualMatches(['price'], pages, before).get('price');

it('what is usual is the median, so one odd run among the good ones changes little', () => {
  expect(usual(1, [found(20), found(900), found(20)])).toBe(20);
  expect(usual(1, [found(20), found(0), found(0)])).toBe(0);
  expect(usual(1, [found(10), found(20)])).toBe(15);
});

it('runs with more or fewer pages are compared by the page', () => {
  expect(usual(2, [found(1000, 50), found(800, 40)])).toBe(40);
});

it('a run in which the selector had stopped says nothing about what is usual', () => {
  const weeks = Array.from({ length: 40 }, () => found(0, 1, true));
  expect(usual(1, [...weeks, found(20)])).toBe(20);
});

it('without pages, or without earlier runs that knew the field, nothing is usual', () => {
  expect(usual(0, [found(20)])).toBeUndefined();
  expect(usual(1, [])).toBeUndefined();
  expect(usual(1, [found(0, 0)])).toBeUndefined();
  expect(usual(1, [{ pages: 1, items: 1, selectors: {} }])).toBeUndefined();
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

it('the earlier runs are those of the job and its configuration that succeeded, newest first', async () => {
  const { workspace } = await openHome();
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
  expect(listSelectors(workspace.paths, 'mine', 'now')).toMatchObject([{ field: 'price', matched: 6 }]);
  expect(listSelectors(workspace.paths, 'mine', 'damaged')).toEqual([]);
});
