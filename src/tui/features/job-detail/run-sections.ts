import { displayWidth } from '../../../core/lib/display-width.ts';
import { programCommand } from '../../../core/lib/installation.ts';
import { pluralize } from '../../../core/lib/text.ts';
import { describeErrorKind } from '../../../core/model/describe-error-kind.ts';
import { formatDifferences } from '../../../core/model/differences.ts';
import type { RunOutput } from '../../../core/operations/run-output.ts';
import { type HistoryRun, hasFailed, isExecuted } from '../../../core/runs/last-run.ts';
import { STOPPED } from '../../../core/runs/selector-findings.ts';
import type { ActiveRun } from '../../home/active-run.ts';
import { describeAuthor, toAuthor } from '../../home/home-data.ts';
import type { JobRow } from '../../home/job-row.ts';
import { STATUS_DISPLAY } from '../../home/job-state-display.ts';
import { progressBar, progressShare, sparkline } from '../../ui/bars.ts';
import {
  CLOCK_TIME_CELLS,
  formatClockTime,
  formatItemChange,
  formatRunDuration,
  formatShortCount,
  formatTimeAgo,
} from '../../ui/format.ts';
import { formatProgress, type ProgressSample, runSpeed, withSample } from '../../ui/run-progress.ts';
import {
  labeledRow,
  labeledText,
  ROW_LABEL_CELLS,
  type StyledRow,
  styledRow,
  type TextSpan,
} from '../../ui/styled-row.ts';
import { fitTo } from '../../ui/text/fit.ts';
import { describeChecks, describeFailedChecks } from '../runs/run-explanation.tsx';
import type { DetailParts, DetailSection, JobDetail } from './model.ts';

const MAX_RUNS = 5;
/** The cells of a run before what triggered it. */
const RUN_CELLS = ROW_LABEL_CELLS + 40;
/** A narrower detail has the sign of an outcome without its word, and the counts of the last run in a row of their own. */
const ROOMY_FROM = 58;
/** The outcome of a run with its word, and its sign alone. */
const OUTCOME_CELLS = 12;
const SIGN_CELLS = 2;
/** What triggered a run, and in a word why it failed, where that has room: the reason in full is that of the last run. */
function endOfRun({ trigger, errorKind }: HistoryRun, columns: number): TextSpan[] {
  const before = columns < ROOMY_FROM ? RUN_CELLS - OUTCOME_CELLS + SIGN_CELLS : RUN_CELLS;
  const word = trigger.replace('_', ' ');
  const start: TextSpan = { text: `  ${word}`, style: 'faint' };
  if (errorKind === null) return [start];
  const kind = `  ${describeErrorKind(errorKind)}`;
  const fits = before + displayWidth(word) + displayWidth(kind) <= columns;
  return fits ? [start, { text: kind, style: 'bad' }] : [start];
}

/** The last runs, newest first: outcome, time, duration, items, trigger and the kind of a failure. */
export const pastRunRows: DetailSection = ({ row, now, timezone, columns }) => {
  const runs = row.history.slice(-MAX_RUNS).reverse();
  return runs.map((run, at): StyledRow => {
    const { icon, word, style } = STATUS_DISPLAY[run.status];
    const when = formatClockTime(run.startedAt ?? run.queuedAt, now, timezone);
    const took = run.durationMs === null ? '' : formatRunDuration(run.durationMs);
    const items = run.startedAt === null ? '' : formatShortCount(run.items);
    const cells = [fitTo(when, CLOCK_TIME_CELLS), fitTo(took, 8, 'right'), fitTo(items, 6, 'right')].join('');
    return labeledRow(
      at === 0 ? 'Last runs' : '',
      columns,
      {
        text: columns < ROOMY_FROM ? fitTo(icon, SIGN_CELLS) : fitTo(`${icon} ${word}`, OUTCOME_CELLS),
        style,
      },
      { text: cells, style: 'plain' },
      ...endOfRun(run, columns),
    );
  });
};

/** As much of an error is shown; the runs and `job show` have all of it. */
const MAX_ERROR_CELLS = 500;

/** The outcome and the problems of the last run, and sparklines of durations and items. */
export const lastRunRows: DetailSection = (parts) => {
  const { row, detail, columns } = parts;
  const { last } = row;
  if (last === null) return [];
  const { icon, word, style } = STATUS_DISPLAY[last.status];
  const { finishedAt, durationMs } = last;
  const took = durationMs === null ? '' : `, took ${formatRunDuration(durationMs)}`;
  const isNarrow = columns < ROOMY_FROM;
  const found = `${pluralize(last.items, 'item')}${took}`;
  const lastOutput = detail.data?.job.recent_runs.find(({ run_id }) => run_id === last.runId);
  return [
    labeledRow(
      'Last run',
      columns,
      { text: `${icon} ${word}`, style },
      {
        text: (now) =>
          `${finishedAt === null ? '' : ` ${formatTimeAgo(finishedAt, now)}`}${isNarrow ? '' : ` · ${found}`}`,
        style: 'plain',
      },
    ),
    ...(isNarrow ? [labeledRow('', columns, { text: found, style: 'plain' })] : []),
    ...(lastOutput !== undefined && isRepairable(lastOutput, detail)
      ? labeledText('Repair', describeRepair(detail), columns, { style: 'key', max: 2 })
      : []),
    // A reason may be long, and what to press stands above it.
    ...(lastOutput === undefined ? [] : reasonRows(lastOutput, columns)),
    ...workerRows(lastOutput?.worker, columns),
    ...(lastOutput === undefined ? [] : resultRows(lastOutput, columns)),
    ...(isReasonAwaited(parts) ? [] : sparklineRows(parts)),
  ];
};

/** Why the run failed, and the checks that found something else. */
function reasonRows({ error, checks }: RunOutput, columns: number): StyledRow[] {
  const max = Math.max(6, Math.ceil(MAX_ERROR_CELLS / columns));
  const found = describeFailedChecks({ error, checks });
  return [
    ...(error === null ? [] : labeledText('Why', error.message, columns, { style: 'bad', max })),
    ...found.flatMap((words, at) =>
      labeledText(error === null && at === 0 ? 'Why' : '', words, columns, { style: 'warning', max: 3 }),
    ),
  ];
}

/** Whether the reason of a failure is still to come. Rows below it would move. */
function isReasonAwaited({ row: { last }, detail: { data, failure } }: DetailParts): boolean {
  return last !== null && hasFailed(last) && data === null && failure === null;
}

function describeRepair({ data }: Pick<JobDetail, 'data'>): string {
  return data?.lastRun?.isChangedSince
    ? 'The configuration was changed since this run: r runs it again'
    : 'R shows the broken selector, and another one to take';
}

/** Whether a selector is the likely reason of what is wrong with a run. */
function isRepairable({ error, checks, run_id }: RunOutput, { data }: Pick<JobDetail, 'data'>): boolean {
  const warnings = data?.lastRun?.run_id === run_id ? data.lastRun.warnings : [];
  return (
    error?.kind === 'no_items' ||
    checks.some(({ passed, suspect }) => !passed && suspect !== null) ||
    warnings.some((line) => line.startsWith(STOPPED))
  );
}

/** The results of the checks against the job's expectations, and the changed items. */
function resultRows({ checks, changes }: RunOutput, columns: number): StyledRow[] {
  const summary = describeChecks(checks);
  const changed = changes === null ? '' : formatDifferences(changes) || 'nothing';
  const style = checks.every(({ passed }) => passed) ? 'good' : 'bad';
  return [
    ...(summary === null ? [] : labeledText('Checks', summary, columns, { style, max: 3 })),
    ...(changed === '' ? [] : labeledText('Changed', changed, columns, { style: 'plain', max: 1 })),
  ];
}

/** A sparkline of a single run has no information. */
const MIN_RUNS_FOR_CURVE = 2;

function sparklineRows({ row: { history, itemChange, itemsBefore }, columns }: DetailParts): StyledRow[] {
  const runs = history.filter(isExecuted);
  if (runs.length < MIN_RUNS_FOR_CURVE) return [];
  const most = Math.min(runs.length, Math.max(1, columns - ROW_LABEL_CELLS - 20));
  const sparklineRow = (
    label: string,
    pick: (run: HistoryRun) => number | null,
    words: (value: number) => string,
    last = '',
    room = most,
  ): StyledRow[] => {
    // The items and the time of a failed run would only flatten the line of the others.
    const shown = runs.slice(-room).map((run) => (hasFailed(run) ? 'failed' : pick(run)));
    const known = shown.filter((value) => typeof value === 'number');
    if (known.length === 0) return [];
    const range = `  ${words(Math.min(...known))} to ${words(Math.max(...known))}${last}`;
    // Fewer runs are drawn rather than that a figure is cut.
    if (room > MIN_RUNS_FOR_CURVE && ROW_LABEL_CELLS + room + displayWidth(range) > columns)
      return sparklineRow(label, pick, words, last, room - 1);
    return [labeledRow(label, columns, ...sparkline(shown, room), { text: range, style: 'faint' })];
  };
  const change =
    itemChange === null || itemsBefore === null || itemChange === 0
      ? ''
      : `, last change ${formatItemChange(itemChange, itemsBefore)}`;
  return [
    ...sparklineRow('Duration', ({ durationMs }) => durationMs, formatRunDuration),
    ...sparklineRow('Items', ({ items }) => items, formatShortCount, change),
  ];
}

/** The maximum number of warnings shown. `job show` lists all. */
const MAX_WARNINGS = 4;

/** The warnings of the last run, one line each. */
export const warningRows: DetailSection = ({ row, detail, columns }) => {
  const { run_id, warnings } = detail.data?.lastRun ?? { run_id: '', warnings: [] };
  if (run_id !== row.last?.runId || warnings.length === 0) return [];
  const shown = warnings.slice(0, MAX_WARNINGS);
  const more = warnings.length - shown.length;
  const line = (label: string, text: string, style: 'warning' | 'faint'): StyledRow[] =>
    labeledText(label, text, columns, { style, max: 1 });
  return [
    ...line('Warnings', `${warnings.length} in the last run`, 'faint'),
    ...shown.flatMap((text) => line('', text, 'warning')),
    ...(more === 0 ? [] : line('', `… and ${more} more: ${programCommand()} job show ${row.id}`, 'faint')),
  ];
};

const BAR_CELLS = 40;

/** The progress of the active run: its position, its rate and the estimated remaining time. */
export const progressRows: DetailSection = ({ row, samples, columns, now, timezone }) => {
  const run = findRunningRun(row);
  if (run === undefined) return [];
  const sample = toSample(run, now);
  const share = progressShare(sample);
  const bar = (done: number) => progressBar(done, Math.max(5, Math.min(BAR_CELLS, columns - 5)));
  const who = describeAuthor(toAuthor(run.requestedBy));
  const attempt = run.maxAttempts > 1 ? `attempt ${Math.max(1, run.attempt)} of ${run.maxAttempts}, ` : '';
  const since = run.startedAt === null ? '' : `since ${formatClockTime(run.startedAt, now, timezone)}`;
  return [
    // An empty bar would look like one at its beginning.
    ...(share === null
      ? []
      : [styledRow(columns, { text: `${bar(share)} ${Math.floor(share * 100)}%`, style: 'running' })]),
    styledRow(columns, { text: (at) => formatProgress(sample, runSpeed(samples, at)), style: 'plain' }),
    labeledRow(
      'Run',
      columns,
      { text: run.runId, style: 'plain' },
      { text: `  ${attempt}${since}${who === '' ? '' : `, by ${who}`}`, style: 'faint' },
    ),
    ...workerRows(run.worker, columns),
    ...(run.cancelling ? [styledRow(columns, { text: 'It is being cancelled.', style: 'warning' })] : []),
  ];
};

/** The worker on another machine that has the run, if one has. */
function workerRows(worker: string | null | undefined, columns: number): StyledRow[] {
  return worker ? [labeledRow('Worker', columns, { text: worker, style: 'plain' })] : [];
}

/** The run that is executing now. */
export function findRunningRun({ active }: Pick<JobRow, 'active'>): ActiveRun | undefined {
  return active.find(({ status }) => status === 'running');
}

/** The progress samples of a run. Without earlier samples they start at the beginning of the run, if it is the first attempt. */
export function progressSamples(
  run: ActiveRun | undefined,
  { runId, samples }: Pick<JobDetail, 'runId' | 'samples'>,
  at: number,
): readonly ProgressSample[] {
  if (run === undefined) return [];
  const initial: readonly ProgressSample[] =
    run.startedAt === null || run.attempt > 1
      ? []
      : [{ at: run.startedAt, pages: 0, items: 0, totalPages: run.totalPages }];
  return withSample(runId === run.runId ? samples : initial, toSample(run, at));
}

function toSample({ pages, items, totalPages, attempt }: ActiveRun, at: number): ProgressSample {
  return { at, pages, items, totalPages, attempt: Math.max(1, attempt) };
}
