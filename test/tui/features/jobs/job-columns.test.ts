import { expect, it } from 'vitest';
import { JOBS_PANES } from '../../../../src/tui/features/job-detail/reducer.ts';
import { columnsFor, JOB_COLUMN_GAP, measureColumns } from '../../../../src/tui/features/jobs/job-columns.ts';
import { GUTTER } from '../../../../src/tui/features/jobs/reducer.ts';
import { computeLayout } from '../../../../src/tui/ui/layout.ts';
import { jobRow, NOW, pastRun } from '../../job-rows.ts';

const WANTS = { job: 26, at: 9, config: 12, host: 20, tags: 14, history: 20, empty: new Set<string>() };
const ids = (width: number, wants = WANTS) => columnsFor(width, wants).map(({ id }) => id);

it('what matters least is dropped first', () => {
  expect(ids(38)).toEqual(['state', 'job', 'next']);
  expect(ids(69)).toEqual(['state', 'job', 'next', 'last', 'history']);
  expect(ids(80)).toEqual(['state', 'job', 'next', 'last', 'items', 'history']);
  expect(ids(200)).toHaveLength(13);
});

it('a screen of 200 columns has room for the tags, too, beside the detail', () => {
  const { main, side } = computeLayout(
    { columns: 200, rows: 50 },
    { hasSide: true, pane: 'main', panes: JOBS_PANES },
  );
  // The cursor, the mark and the pulse stand before the columns.
  expect(ids(main.columns - 3)).toEqual(expect.arrayContaining(['items', 'change', 'took', 'at', 'tags']));
  expect(side?.columns).toBe(70);
});

it('tags that are cut come before a further column', () => {
  const cut = { ...WANTS, job: 18, tags: 12 };
  for (let width = 38; width <= 260; width += 1) {
    const columns = columnsFor(width, cut);
    const tags = columns.find(({ id }) => id === 'tags')?.cells ?? 12;
    if (columns.some(({ id }) => id === 'config')) expect(tags, `at ${width}`).toBe(12);
  }
});

it('at every width the headings are whole words', () => {
  for (let width = 38; width <= 260; width += 1)
    for (const { id, title, cells } of columnsFor(width, WANTS))
      expect(cells, `${id} at ${width}`).toBeGreaterThanOrEqual(title.length);
});

it('at every width the columns fit, in the same order, and a wider screen never shows fewer of them', () => {
  let before: string[] = [];
  for (let width = 12; width <= 260; width += 1) {
    const columns = columnsFor(width, WANTS);
    const cells = columns.reduce((sum, column) => sum + column.cells + JOB_COLUMN_GAP, -JOB_COLUMN_GAP);
    expect(cells, `at ${width}`).toBeLessThanOrEqual(width);
    const shown = columns.map(({ id }) => id);
    expect(shown).toContain('job');
    expect(shown.filter((id) => before.includes(id))).toEqual(before);
    before = shown;
  }
});

it('room that is left goes to the names of the jobs first, no further than they need, and to the history last', () => {
  const cells = (width: number, id: string) =>
    columnsFor(width, WANTS).find((column) => column.id === id)?.cells;
  expect(cells(38, 'job')).toBe(12);
  expect(cells(69, 'job')).toBeGreaterThan(12);
  expect(cells(260, 'job')).toBe(26);
  expect(cells(260, 'history')).toBe(20);
});

it('no screen of more than 100 columns shows less of the list than one of 100, nor cuts the detail beside it', () => {
  const shownAt = (columns: number) => {
    const { main, side } = computeLayout(
      { columns, rows: 35 },
      { hasSide: true, pane: 'main', panes: JOBS_PANES },
    );
    return { shown: columnsFor(main.columns - GUTTER, WANTS), detail: side?.columns ?? 0 };
  };
  const { shown: least } = shownAt(100);
  expect(least.map(({ id }) => id)).toEqual(expect.arrayContaining(['items', 'took', 'change']));
  for (let columns = 100; columns <= 260; columns += 1) {
    const { shown, detail } = shownAt(columns);
    for (const { id, cells } of least)
      expect(shown.find((column) => column.id === id)?.cells, `${id} at ${columns}`).toBeGreaterThanOrEqual(
        // A long name gives way for another column.
        Math.min(cells, 18),
      );
    // Label, sign of the outcome, time, duration, items and what triggered the run.
    expect(detail, `at ${columns}`).toBeGreaterThanOrEqual(48);
  }
});

it('the history of a wider screen never has fewer runs, for which it rather leaves room blank', () => {
  for (const job of [12, 18, 26, 44]) {
    let before = 0;
    for (let width = 76; width <= 260; width += 1) {
      const columns = columnsFor(width, { ...WANTS, job });
      const history = columns.find(({ id }) => id === 'history')?.cells ?? 0;
      expect(history, `of names of ${job} at ${width}`).toBeGreaterThanOrEqual(before);
      before = history;
    }
    expect(before).toBe(20);
  }
});

it('a name of eighteen cells is whole on a screen of 80 columns', () => {
  const columns = columnsFor(78, { ...WANTS, job: 18 });
  expect(columns.find(({ id }) => id === 'job')?.cells).toBe(18);
  // The history is shorter rather than gone.
  expect(columns.find(({ id }) => id === 'history')?.cells).toBeGreaterThanOrEqual(5);
});

it('no column stands there for nothing', () => {
  expect(ids(200, { ...WANTS, tags: 0, host: 0 })).not.toContain('tags');
});

it('at every width no text is cut beside blank cells: a column is no wider than its content, and none is blank', () => {
  const widths = { ...WANTS, empty: new Set(['next', 'at', 'change']) };
  const needs: Partial<Record<string, number>> = { job: 26, config: 12, host: 20, tags: 14, history: 20 };
  for (let width = 78; width <= 218; width += 1) {
    const columns = columnsFor(width, widths);
    const cut = columns.filter(({ id, cells }) => cells < (needs[id] ?? 0)).map(({ id }) => id);
    if (cut.some((id) => id !== 'history')) {
      const history = columns.find(({ id }) => id === 'history')?.cells ?? 0;
      expect(history, `at ${width}`).toBeLessThanOrEqual(12);
    }
    if (cut.length > 0)
      expect(
        columns.filter(({ id }) => widths.empty.has(id)),
        `${cut} at ${width}`,
      ).toEqual([]);
    for (const { id, cells } of columns)
      expect(cells, `${id} at ${width}`).toBeLessThanOrEqual(needs[id] ?? 13);
  }
  expect(columnsFor(218, widths).map(({ id }) => id)).toContain('change');
});

it('what all jobs lack is known to be blank, and what one has is not', () => {
  const rows = [
    jobRow('new'),
    jobRow('other', { last: pastRun(), history: [pastRun(), pastRun({ ago: 1 })] }),
  ];
  expect(measureColumns(rows, { now: NOW, timezone: 'UTC' })).toEqual({
    ...{ job: 5, at: 5, config: 4, host: 0, tags: 0, history: 2 },
    empty: new Set(['next', 'at', 'change']),
  });
});

it('times that are all of today leave their room to the tags', () => {
  const today = jobRow('one', { nextRun: NOW + 60_000 });
  const later = jobRow('two', { nextRun: NOW + 30 * 3_600_000 });
  const at = { now: NOW, timezone: 'UTC' };
  expect(measureColumns([today], at).at).toBe(5);
  expect(measureColumns([today, later], at).at).toBe(12);
  const wants = { ...WANTS, job: 18, history: 10 };
  const tagCells = (cells: number) =>
    columnsFor(112, { ...wants, at: cells }).find(({ id }) => id === 'tags')?.cells ?? 0;
  expect(tagCells(5)).toBeGreaterThan(tagCells(12));
});
