import { displayWidth } from '../../../core/lib/display-width.ts';
import type { HistoryRun } from '../../../core/runs/last-run.ts';
import { idleScheduler, type SchedulerState } from '../../home/home-data.ts';
import type { JobRow } from '../../home/job-row.ts';
import { STATUS_DISPLAY } from '../../home/job-state-display.ts';
import { formatClockTime, formatRunDuration, formatShortCount } from '../../ui/format.ts';
import { memoize } from '../../ui/memoize.ts';
import { BLANK, type StyledRow, styledRow } from '../../ui/styled-row.ts';
import { fitTo } from '../../ui/text/fit.ts';
import { sideBySide } from '../charts/chart-rows.ts';
import type { TabAnswer } from '../job-detail/model.ts';
import { describeJobSchedule } from '../job-detail/sections.ts';
import { type TabArea, tabRows } from '../job-detail/tab-rows.ts';

/** With fewer rows, the charts have all of them. */
const LISTS_FROM_ROWS = 22;
/** The share of the lists, and the most rows that one has below its title. */
const LIST_SHARE = 0.42;
const MAX_LISTED = 12;
const GAP = 3;
const MAX_NAME_CELLS = 24;
const TOOK_CELLS = 7;

interface Home {
  readonly jobs: readonly JobRow[];
  readonly scheduler: SchedulerState | undefined;
}

/** How many rows the lists have, with their title and the blank row above it. */
function listRowsOf({ rows }: TabArea): number {
  const spare = rows - 1;
  return spare < LISTS_FROM_ROWS ? 0 : Math.min(MAX_LISTED + 2, Math.floor(spare * LIST_SHARE));
}

/** The charts of the selected job, below a line with its name. They have all rows that the lists leave. */
export function overviewCharts(
  job: JobRow | undefined,
  charts: TabAnswer | undefined,
  area: TabArea,
): readonly StyledRow[] {
  const rows = area.rows - 1 - listRowsOf(area);
  const drawn = job === undefined ? [] : chartsOf(job, charts, { ...area, rows });
  return [
    ruleRow(job?.id ?? '', area.columns),
    ...Array.from({ length: rows }, (_, at) => drawn[at] ?? BLANK),
  ];
}

/**
 * What stands below a short list of jobs: the charts of the selected one, and below them what ran last in the home, beside
 * what runs next. The lists are made of rows that are known already, so that only the charts come later.
 */
export function overviewRows(home: Home, charts: readonly StyledRow[], area: TabArea): readonly StyledRow[] {
  const rows = listRowsOf(area);
  if (rows === 0) return charts;
  return [...charts, BLANK, ...listsOf(home, { ...area, rows: rows - 2 })];
}

/** `── books ─────`: whose charts these are. */
function ruleRow(id: string, columns: number): StyledRow {
  const name = id === '' ? '' : ` ${fitTo(id, Math.min(displayWidth(id), columns - 8))} `;
  return styledRow(
    columns,
    { text: '──', style: 'faint' },
    { text: name, style: 'heading' },
    { text: '─'.repeat(Math.max(0, columns - 2 - displayWidth(name))), style: 'faint' },
  );
}

function chartsOf(job: JobRow, charts: TabAnswer | undefined, area: TabArea): readonly StyledRow[] {
  const isNew = job.isHistoryKnown && job.last === null;
  return isNew
    ? [styledRow(area.columns, { text: 'No run of the job has ended yet.', style: 'faint' })]
    : tabRows(job, charts, area);
}

function listsOf({ jobs, scheduler }: Home, area: TabArea): StyledRow[] {
  const width = Math.floor((area.columns - GAP) / 2);
  const own = { ...area, columns: width };
  return sideBySide(latestRows(jobs, own), nextRows({ jobs, scheduler }, own), width + GAP);
}

/** A run that has ended, and how many of the same job with the same outcome came right before it. */
interface Ended {
  readonly jobId: string;
  readonly run: HistoryRun & { readonly finishedAt: number };
  readonly count: number;
}

/** The latest runs of all jobs, the newest first; those of a job that no other one interrupts are one. */
const latestRuns = memoize((jobs: readonly JobRow[]): readonly Ended[] => {
  const all = jobs.flatMap(({ id, history }) =>
    history.flatMap((run) =>
      run.startedAt === null || run.finishedAt === null
        ? []
        : [{ jobId: id, run: { ...run, finishedAt: run.finishedAt } }],
    ),
  );
  all.sort((one, other) => other.run.finishedAt - one.run.finishedAt);
  const latest: Ended[] = [];
  for (const { jobId, run } of all) {
    const before = latest.at(-1);
    if (before?.jobId === jobId && before.run.status === run.status)
      latest[latest.length - 1] = { ...before, count: before.count + 1 };
    else if (latest.length === MAX_LISTED) break;
    else latest.push({ jobId, run, count: 1 });
  }
  return latest;
});

function latestRows(jobs: readonly JobRow[], { columns, rows, now, timezone }: TabArea): StyledRow[] {
  const latest = latestRuns(jobs).slice(0, rows);
  const at = ({ run }: Ended) => formatClockTime(run.finishedAt, now, timezone);
  const [times, names] = [cellsOf(latest, at), nameCells(latest)];
  const title = styledRow(columns, { text: 'Latest runs', style: 'heading' });
  const room = columns - times - names - TOOK_CELLS - 8;
  const isLong = latest.every((one) => displayWidth(outcomeOf(one, true)) + countCells(one) <= room);
  if (latest.length === 0)
    return [title, styledRow(columns, { text: 'No run has ended yet.', style: 'faint' })];
  return [
    title,
    ...latest.map((ended) => {
      const { jobId, run, count } = ended;
      const { icon, style } = STATUS_DISPLAY[run.status];
      const took = run.durationMs === null ? '' : formatRunDuration(run.durationMs);
      return styledRow(
        columns,
        { text: `${fitTo(at(ended), times)}  `, style: 'faint' },
        { text: `${icon} `, style },
        { text: `${fitTo(jobId, names)}  `, style: 'plain' },
        { text: fitTo(took, TOOK_CELLS, 'right'), style: 'plain' },
        { text: `  ${outcomeOf(ended, isLong)}`, style: run.status === 'succeeded' ? 'plain' : style },
        { text: count === 1 ? '' : `  ×${count}`, style: 'faint' },
      );
    }),
  ];
}

function countCells({ count }: Ended): number {
  return count === 1 ? 0 : `  ×${count}`.length;
}

/** `60 items`, or with little room their number; another outcome in a word. */
function outcomeOf({ run: { status, items } }: Ended, isLong: boolean): string {
  if (status !== 'succeeded') return STATUS_DISPLAY[status].word;
  return isLong ? `${formatShortCount(items)} ${items === 1 ? 'item' : 'items'}` : formatShortCount(items);
}

/** The jobs that run next, the soonest first. */
const comingJobs = memoize((jobs: readonly JobRow[]) =>
  jobs
    .flatMap(({ id, nextRun, definition }) =>
      nextRun === null || definition === null ? [] : [{ jobId: id, nextRun, definition }],
    )
    .sort((one, other) => one.nextRun - other.nextRun),
);

function nextRows({ jobs, scheduler }: Home, { columns, rows, now, timezone }: TabArea): StyledRow[] {
  const coming = comingJobs(jobs).slice(0, rows);
  const at = ({ nextRun }: (typeof coming)[number]) => formatClockTime(nextRun, now, timezone);
  const [times, names] = [cellsOf(coming, at), nameCells(coming)];
  const idle = idleScheduler(scheduler);
  const title = styledRow(
    columns,
    { text: 'Next runs', style: 'heading' },
    { text: idle === undefined ? '' : `  ${idle}`, style: 'warning' },
  );
  if (coming.length === 0)
    return [title, styledRow(columns, { text: 'No job has a next run.', style: 'faint' })];
  return [
    title,
    ...coming.map((job) =>
      styledRow(
        columns,
        { text: `${fitTo(at(job), times)}  `, style: idle === undefined ? 'plain' : 'faint' },
        { text: `${fitTo(job.jobId, names)}  `, style: 'plain' },
        { text: describeJobSchedule(job.definition).replace(` (${timezone})`, ''), style: 'faint' },
      ),
    ),
  ];
}

function nameCells(all: readonly { jobId: string }[]): number {
  return Math.min(
    MAX_NAME_CELLS,
    cellsOf(all, ({ jobId }) => jobId),
  );
}

function cellsOf<T>(all: readonly T[], text: (one: T) => string): number {
  return all.reduce((cells, one) => Math.max(cells, displayWidth(text(one))), 0);
}
