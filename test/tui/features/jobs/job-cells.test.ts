import { expect, it } from 'vitest';
import {
  type CellContent,
  describeJob,
  jobCell,
  shortenError,
} from '../../../../src/tui/features/jobs/job-cells.ts';
import { type ColumnId, columnsFor } from '../../../../src/tui/features/jobs/job-columns.ts';
import { NO_COLUMN_WIDTHS } from '../../../../src/tui/features/jobs/model.ts';
import type { ActiveRun } from '../../../../src/tui/home/active-run.ts';
import type { JobRow } from '../../../../src/tui/home/job-row.ts';
import { jobRow, NOW, pastRun } from '../../job-rows.ts';

const HOUR = 3_600_000;

const said = ({ text }: CellContent) => (typeof text === 'string' ? text : text(NOW));
const cell = (row: JobRow, id: Exclude<ColumnId, 'history'>) => jobCell(row, id, 'UTC');
const words = (row: JobRow, ...ids: Exclude<ColumnId, 'history'>[]) => ids.map((id) => said(cell(row, id)));

const run = (fields: Partial<ActiveRun>): ActiveRun => ({
  ...{ runId: 'r', jobId: 'a', configName: 'shop', status: 'running', trigger: 'manual', requestedBy: 'cli' },
  ...{
    attempt: 1,
    maxAttempts: 3,
    queuedAt: NOW,
    startedAt: NOW - 65_000,
    notBefore: NOW,
    items: 120,
    pages: 3,
  },
  ...{ bytes: 0, totalPages: null, progress: null, cancelling: false, worker: null, ...fields },
});

it('marks a next run that does not start while the scheduler is off', () => {
  const off = (ahead: number) => said(jobCell(jobRow('a', { nextRun: NOW + ahead }), 'next', 'UTC', true));
  expect([5_000, 125_000, 21.5 * HOUR, 94 * HOUR, -60_000].map(off)).toEqual([
    'in 5s off',
    'in 2m off',
    'in 21h off',
    'in 3d off',
    'due 1m off',
  ]);
  const running = jobRow('a', { nextRun: NOW + HOUR, active: [run({ progress: 0.5 })] });
  expect(said(jobCell(running, 'next', 'UTC', true))).toBe('50% done');
  expect(said(jobCell(jobRow('a', { nextRun: NOW, hasConfig: false }), 'next', 'UTC', true))).toBe(
    'no config',
  );
  expect(describeJob(jobRow('a', { nextRun: NOW + HOUR }), NOW, 'UTC', 'scheduler off')).toContain(
    'next in 1h 00m, scheduler off',
  );
});

it('shows the next and the last run of a healthy job', () => {
  const row = jobRow('books', {
    ...{
      nextRun: NOW + 3 * HOUR,
      last: pastRun({ items: 48, ago: HOUR, tookMs: 4_200 }),
      itemsBefore: 50,
      itemChange: -2,
    },
    ...{ tags: ['price', 'daily'], hosts: ['a.example', 'b.example'], updatedBy: 'mcp' },
  });
  expect(words(row, 'state', 'job', 'next', 'at', 'last', 'took', 'items', 'change')).toEqual([
    ...['✓ ok', 'books', 'in 3h 00m', '15:00', '✓ 1h 00m ago', '4.2s', '48', '-2'],
  ]);
  expect(words(row, 'config', 'host', 'tags', 'by')).toEqual([
    'shop',
    'a.example +1',
    'price daily',
    'agent',
  ]);
});

it('says of a job without its configuration that the next run has none, in place of when that is', () => {
  const row = jobRow('a', { nextRun: NOW + HOUR, hasConfig: false });
  expect(cell(row, 'next')).toEqual({ text: 'no config', style: 'bad' });
  expect(words({ ...row, active: [run({ progress: 0.5 })] }, 'next')).toEqual(['50% done']);
  expect(words({ ...row, nextRun: null }, 'next')).toEqual(['']);
});

it('shows the progress of an active run as it grows', () => {
  const row = jobRow('a', { state: 'running', active: [run({ progress: 0.456 })], nextRun: NOW + HOUR });
  expect(words(row, 'next', 'took', 'items')).toEqual(['45% done', '1m 05s', '120']);
  const text = cell(row, 'took').text;
  expect(typeof text === 'function' && text(NOW + 5_000)).toBe('1m 10s');
});

it('gives the pages, and no share, of a run whose end is not known', () => {
  const row = (pages: number) => jobRow('a', { state: 'running', active: [run({ pages, progress: null })] });
  expect(words(row(1), 'next')).toEqual(['1 page']);
  expect(words(row(12_400), 'next')).toEqual(['12k pages']);
  // A screen reader says once that it runs.
  expect(describeJob(row(12), NOW, 'UTC')).toMatch(/^a, running, 12 pages, took 1m 05s, 120 items/);
});

it('says of a run that waits when it is tried again', () => {
  expect(
    words(jobRow('a', { active: [run({ status: 'waiting_retry', notBefore: NOW + 90_000 })] }), 'next'),
  ).toEqual(['try 1m 30s']);
  expect(words(jobRow('a', { active: [run({ status: 'queued' })] }), 'next')).toEqual(['waits']);
});

it('a job that never ran leaves the cells of its results empty', () => {
  expect(words(jobRow('a'), 'next', 'at', 'last', 'took', 'items', 'change')).toEqual([
    '',
    '',
    '',
    '',
    '',
    '',
  ]);
});

it('no time, count or state needs more room than its column has', () => {
  const far = jobRow('a', {
    nextRun: NOW + 999 * 24 * HOUR,
    last: pastRun({ items: 9_999_999, ago: 99 * 24 * HOUR, tookMs: 80 * HOUR }),
    itemsBefore: 999,
    itemChange: -999,
  });
  const long = [
    far,
    jobRow('b', { state: 'cancelled', nextRun: NOW - 59_000 }),
    jobRow('c', { nextRun: NOW + 23.9 * HOUR }),
  ];
  for (const { id, cells } of columnsFor(300, {
    ...NO_COLUMN_WIDTHS,
    at: 12,
    job: 12,
    config: 12,
    host: 12,
    tags: 12,
  })) {
    if (id === 'history' || id === 'job') continue;
    for (const row of long)
      expect(said(cell(row, id)).length, `${id} of ${row.id}`).toBeLessThanOrEqual(cells);
  }
});

it('shows a file’s error, beginning with its name', () => {
  const row = jobRow('books', {
    state: 'invalid',
    error: '/home/me/.quickscrape/jobs/books.json:3:1: not JSON',
  });
  expect(shortenError(row)).toBe('books.json:3:1: not JSON');
  expect(shortenError(jobRow('a'))).toBe('');
});

it('marks a job whose last alert did not go out', () => {
  const callbackFailure = { at: NOW, message: 'on_failure failed: exit code 1' };
  expect(cell(jobRow('a', { callbackFailure }), 'job')).toEqual({ text: '! a', style: 'bad' });
});
