import { Box } from 'ink';
import { memo } from 'react';
import { displayWidth, truncateToWidth } from '../../../core/lib/display-width.ts';
import { pluralize } from '../../../core/lib/text.ts';
import type { RunStatus } from '../../../core/model/run-record.ts';
import type { ActiveRun } from '../../home/active-run.ts';
import { findJobRow } from '../../home/home-data.ts';
import { STATUS_DISPLAY } from '../../home/job-state-display.ts';
import type { State } from '../../kernel/model.ts';
import { progressBar, progressShare } from '../../ui/bars.ts';
import { Field } from '../../ui/components/field.tsx';
import { ClockText, Text } from '../../ui/components/text.tsx';
import { formatClockTime, formatRunDuration } from '../../ui/format.ts';
import { formatProgress, runSpeed } from '../../ui/run-progress.ts';
import { fitTo, wrapText } from '../../ui/text/fit.ts';
import type { StyleName } from '../../ui/theme.ts';
import type { PaneProps } from '../define-feature.ts';
import { selectedRun } from '../runs/reducer.ts';
import { describeRunProblem } from '../runs/run-explanation.tsx';
import { lineStyle } from './log-line.ts';
import { describePosition, type LogRow, rowsOnScreen, type SpanKind } from './log-rows.ts';
import type { LogSlice, LogState } from './model.ts';
import { formatHitPosition } from './reduce-log.ts';
import { currentLog, logView, newerLog, openLog, shownLog } from './reducer.ts';

/** The log of a run while it is written. */
export function Log({ state, rect, focused }: PaneProps) {
  const log = currentLog(state);
  const rows = rowsOnScreen(log.slice, logView(state));
  return (
    <Box flexDirection="column" width={rect.columns} height={rect.rows} overflowY="hidden">
      <Box height={1} flexShrink={0}>
        <TopLine state={state} log={log} columns={rect.columns} focused={focused} />
      </Box>
      {rows.length === 0 &&
        wrapText(
          describeRunWithoutLog(state) ?? describeEmptyLog(log.slice, runStage(state)),
          rect.columns,
        ).map((line) => (
          <Box key={line} height={1} flexShrink={0}>
            <Text style="faint">{line}</Text>
          </Box>
        ))}
      {rows.map((row) => (
        <LogLineRow key={`${row.line.offset} ${row.row}`} row={row} />
      ))}
    </Box>
  );
}

const LogLineRow = memo(function LogLineRow({ row: { line, spans, isHit } }: { row: LogRow }) {
  const style = lineStyle(line);
  const styles: Record<SpanKind, StyleName> = { time: 'faint', level: style, text: style, hit: 'found' };
  return (
    <Box flexShrink={0} height={1}>
      {spans.map(({ kind, text }, index) => (
        <Text
          // biome-ignore lint/suspicious/noArrayIndexKey: the spans of a row have no other name
          key={index}
          style={styles[kind]}
          over={kind === 'hit' && isHit ? 'selected' : undefined}
          verbatim
        >
          {text}
        </Text>
      ))}
    </Box>
  );
}, sameRow);

function sameRow(before: { row: LogRow }, after: { row: LogRow }): boolean {
  const [one, other] = [before.row, after.row];
  return (
    one.line === other.line &&
    one.isHit === other.isHit &&
    one.spans.length === other.spans.length &&
    one.spans.every(
      (span, index) => span.text === other.spans[index]?.text && span.kind === other.spans[index]?.kind,
    )
  );
}

/** The run keeps this room beside the position: its name and state, or its progress. */
const MIN_LABEL_CELLS = 24;
const MIN_PROGRESS_CELLS = 40;

interface TopLineProps {
  state: State;
  log: LogState;
  columns: number;
  /** Beside the runs: the keys are those of the log. */
  focused: boolean;
}

/** The typed line, or the run's progress with the state of search, filter and following. */
function TopLine({ state, log, columns, focused }: TopLineProps) {
  const isBeside = openLog(state) === undefined;
  const { slice, typing } = log;
  const status = (position: string) =>
    describeLogStatus(slice, { stage: runStage(state), newer: describeNewerRun(state), position });
  const min = isBeside ? MIN_LABEL_CELLS : MIN_PROGRESS_CELLS;
  const full = status(describePosition(slice, logView(state)));
  const right = columns - displayWidth(full) - 1 >= min ? full : status('');
  if (typing !== undefined) {
    const name = typing.what === 'search' ? 'Search: ' : 'Only lines with: ';
    const room = Math.max(8, columns - name.length - displayWidth(right) - 1);
    return (
      <>
        <Text style="key">{name}</Text>
        <Field line={typing.line} columns={room} />
        <Text style="faint">{` ${right}`}</Text>
      </>
    );
  }
  const room = Math.max(0, columns - displayWidth(right) - 1);
  // The rate and the remaining time change every second.
  const left = (now: number) => fitTo(describeRunProgress(state, log, now, room), room);
  return (
    <>
      <ClockText of={left} style={isBeside ? (focused ? 'key' : 'heading') : statusStyle(state)} />
      <Text> </Text>
      <Text style={slice.problem === undefined ? 'faint' : 'bad'}>{truncateToWidth(right, columns)}</Text>
    </>
  );
}

/** The style of the run's status, in which its first line is shown. */
function statusStyle(state: State): StyleName {
  const shown = shownLog(state);
  const facts = shown === undefined ? undefined : findFacts(state, shown);
  return facts === undefined ? 'running' : STATUS_DISPLAY[facts.status].style;
}

/** What the run waits for, or its progress while it is active. */
function describeRunProgress(
  state: State,
  { progress, runId }: LogState,
  now: number,
  cells: number,
): string {
  if (runStage(state) === 'queued') return `${runId} ${describeWait(state)}`;
  const last = progress.at(-1);
  const isRunning = state.home?.runs.some((run) => run.runId === runId && run.status === 'running');
  if (last === undefined || !isRunning) {
    const shown = shownLog(state);
    if (shown === undefined) return '';
    // Beside the runs, the line is the title of the pane.
    const label = openLog(state) === undefined ? `Log of ${shown.runId}` : '';
    // In a view of its own, the title of the screen names job and run.
    if (label === '') return describeRun(state, shown, cells) || shown.runId;
    const rest = describeRun(state, shown, cells - displayWidth(label) - 3);
    return rest === '' ? label : `${label} · ${rest}`;
  }
  const share = progressShare(last);
  const bar = share === null ? '' : `${progressBar(share, 16)} `;
  const attempt = describeAttempt(openRun(state) ?? {});
  const progressed = formatProgress(last, runSpeed(progress, now));
  return [bar + progressed, attempt].filter(Boolean).join(' · ');
}

function describeLogStatus(
  { search, filter, follow, unseen, renewed, lines, problem, reading }: LogSlice,
  { stage, newer, position }: { stage: RunStage; newer: string | null; position: string },
): string {
  const hidden = filter.minLevel === 'debug' ? null : `${filter.minLevel} and worse`;
  const news = `${unseen.toLocaleString('en-US')} new ${unseen === 1 ? 'line' : 'lines'}`;
  const parts = [
    problem ?? null,
    search === undefined ? null : `"${search.query}": ${formatHitPosition(search)}`,
    filter.text === '' ? null : `only "${filter.text}"`,
    hidden,
    renewed && lines.length > 0 ? 'the log was cut' : null,
    reading === undefined || reading === 'end' ? null : 'reading…',
    newer,
    position === '' ? null : position,
    !follow && unseen > 0 ? news : stage === 'live' ? (follow ? 'following' : 'not following') : stage,
  ];
  return parts.filter((part) => part !== null).join(' · ');
}

/** Beside the runs: why a run has not begun, and so has no log. Its row may have cut that. */
function describeRunWithoutLog(state: State): string | undefined {
  const run = openLog(state) === undefined ? selectedRun(state) : undefined;
  return run?.started_at === null ? describeRunProblem(run, state) || undefined : undefined;
}

function describeEmptyLog({ reading, lines, renewed, problem, hasItems }: LogSlice, stage: RunStage): string {
  if (problem !== undefined) return problem;
  if (reading !== undefined) return 'Reading the log…';
  if (lines.length > 0) return 'No line passes the filter (&) and the level (v).';
  if (renewed) return 'The log was removed with its run: a job keeps only its newest runs (keep_runs).';
  if (stage === 'ended')
    return `What the run wrote is shown here. This one wrote nothing${hasItems ? ': i shows its items, [ the run before.' : ', and no items of it are kept: [ shows the run before.'}`;
  return stage === 'queued'
    ? 'The log begins when the run starts. Esc goes back; the run stays queued.'
    : 'Nothing is logged yet. New lines appear by themselves.';
}

/** The stage of the open log's run: not started, possibly still writing, or finished. */
type RunStage = 'queued' | 'live' | 'ended';

/** The stage of the run. An unknown run may be active, so it counts as `live`. */
function runStage(state: State): RunStage {
  if (state.home === undefined) return 'live';
  const run = openRun(state);
  if (run === undefined) return 'ended';
  return isWaiting(run) ? 'queued' : 'live';
}

/** The run of the open log while it is not finished. */
function openRun(state: State): ActiveRun | undefined {
  const open = shownLog(state);
  return activeOf(state).find(({ runId }) => runId === open?.runId);
}

function activeOf(state: State): readonly ActiveRun[] {
  const open = shownLog(state);
  return (open && findJobRow(state.home?.jobs ?? [], open.jobId)?.active) ?? [];
}

/** Whether its first attempt has not started. */
function isWaiting({ status, startedAt }: ActiveRun): boolean {
  return status === 'queued' && startedAt === null;
}

/** A run that starts within this time (ms) needs no explanation of what it waits for. */
const SOON_MS = 3_000;

/** What a queued run of the open log waits for. */
function describeWait(state: State): string {
  const run = openRun(state);
  if (run === undefined || state.home === undefined) return '';
  const { scheduler } = state.home;
  if (run.notBefore > state.now + SOON_MS) {
    return `queued, waiting until ${formatClockTime(run.notBefore, state.now, state.timezone)}`;
  }
  if (activeOf(state).some((other) => !isWaiting(other))) return 'queued, waiting for the run before it';
  if (scheduler.slotsUsed >= scheduler.slots) return 'queued, waiting for a free slot';
  if (scheduler.held !== null) return `queued, waiting: ${scheduler.held}`;
  if (scheduler.state !== 'running' && state.now - run.queuedAt > SOON_MS)
    return `queued, waiting for the scheduler, which is ${scheduler.state}`;
  const { jobId, runs = [] } = state.runs;
  const listed = jobId === run.jobId ? runs.find(({ run_id }) => run_id === run.runId) : undefined;
  return listed?.waits_for ? `queued: ${listed.waits_for}` : 'queued, waiting for a worker';
}

/** A message about newer runs of the job, when the log is shown as the newest run; `null` when there is none. */
function describeNewerRun(state: State): string | null {
  if (shownLog(state)?.since === undefined) return null;
  if (newerLog(state) !== undefined) return 'a newer run has started';
  const isNext = runStage(state) === 'ended' && activeOf(state).some(isWaiting);
  return isNext ? 'the next run is queued' : null;
}

/** What is known of a run. Of one that has ended and is not in the list of runs, some parts are not known. */
interface RunFacts {
  readonly status: RunStatus;
  /** Epoch ms. */
  readonly startedAt: number | null;
  readonly durationMs: number | null;
  readonly items: number;
  readonly attempt?: number;
  readonly maxAttempts?: number;
  /** The worker on another machine. */
  readonly worker?: string | null;
}

interface ShownRun {
  readonly jobId: string;
  readonly runId: string;
}

/**
 * Describes a run in at most `cells` cells: its state, start, duration, items, attempt and worker. What does not fit is
 * left out, the least important first.
 */
function describeRun(state: State, run: ShownRun, cells: number): string {
  const facts = findFacts(state, run);
  if (facts === undefined) return '';
  const { word } = STATUS_DISPLAY[facts.status];
  const { startedAt, durationMs, items, worker } = facts;
  const started = startedAt === null ? '' : formatClockTime(startedAt, state.now, state.timezone);
  // In the order in which they are shown; a lower rank is more important.
  const parts = [
    { rank: 0, text: word },
    { rank: 3, text: started === '' ? '' : `started ${started}` },
    { rank: 2, text: durationMs === null ? '' : `took ${formatRunDuration(durationMs)}` },
    { rank: 1, text: pluralize(items, 'item') },
    { rank: 4, text: describeAttempt(facts) },
    { rank: 5, text: worker ? `on ${worker}` : '' },
  ].filter(({ text }) => text !== '');
  return fittingParts(parts, cells).join(' · ');
}

/** `attempt 2 of 3`; empty for a run with one attempt. */
function describeAttempt({ attempt = 1, maxAttempts = 1 }: Partial<RunFacts>): string {
  return maxAttempts > 1 && attempt > 0 ? `attempt ${attempt} of ${maxAttempts}` : '';
}

/** The most important parts that fit, in their order. */
function fittingParts(parts: readonly { rank: number; text: string }[], cells: number): string[] {
  let room = cells;
  const chosen = new Set<string>();
  for (const { text } of [...parts].sort((one, other) => one.rank - other.rank)) {
    const width = displayWidth(text) + (chosen.size === 0 ? 0 : 3);
    if (width > room) break;
    room -= width;
    chosen.add(text);
  }
  return parts.flatMap(({ text }) => (chosen.has(text) ? [text] : []));
}

function findFacts(state: State, { jobId, runId }: ShownRun): RunFacts | undefined {
  const row = findJobRow(state.home?.jobs ?? [], jobId);
  const active = row?.active.find((run) => run.runId === runId);
  if (active !== undefined) return { ...active, durationMs: null };
  const { runs } = state;
  const listed = runs.jobId === jobId ? runs.runs?.find(({ run_id }) => run_id === runId) : undefined;
  if (listed !== undefined) {
    const { status, started_at, duration_ms: durationMs, items, attempt, worker } = listed;
    const startedAt = started_at === null ? null : Date.parse(started_at);
    return { status, startedAt, durationMs, items, attempt, maxAttempts: listed.max_attempts, worker };
  }
  return row?.history.find((run) => run.runId === runId);
}
