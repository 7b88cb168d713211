import { formatDuration } from '../../../core/lib/format-duration.ts';
import { BUILD } from '../../../core/lib/program.ts';
import { pluralize } from '../../../core/lib/text.ts';
import type { ListedWorker } from '../../../core/workers/worker-list.ts';
import type { ActiveRun } from '../../home/active-run.ts';
import { inNamedHome } from '../../kernel/action.ts';
import type { State } from '../../kernel/model.ts';
import { formatClockTime, formatShortDuration, formatTimeAgo } from '../../ui/format.ts';
import { BLANK, labeledRow, type StyledRow, styledRow, wrappedRows } from '../../ui/styled-row.ts';
import type { StyleName } from '../../ui/theme.ts';
import { isMissed, runsOfWorker } from './reducer.ts';

/** A difference of clocks from which on it is shown, in milliseconds. */
const SHOWN_SKEW_MS = 2_000;
/** A larger one is a mistake of a clock. */
const WRONG_SKEW_MS = 60_000;

const LOCAL = 'All runs start on this machine now: executor is local';

/** How the workers are reached: the line above the list. */
export function executorRow(state: State, columns: number): StyledRow {
  return styledRow(columns, executorText(state));
}

function executorText(state: State): { text: string; style: StyleName } {
  const { home, now, timezone } = state;
  const line = (text: string, style: StyleName) => ({ text, style });
  if (home === undefined) return line('The home has not been read yet.', 'faint');
  const { executor, scheduler } = home;
  if (executor.kind === 'local') return line(`${LOCAL}.`, 'faint');
  const { redis } = executor;
  if (redis === null)
    return line(
      'Redis is not used: no scheduler runs that could hand runs over. D, then s, starts it.',
      'warning',
    );
  const since = `since ${formatClockTime(redis.since, now, timezone)}`;
  if (redis.redis === 'away') return line(`Redis is away ${since}: no run can be handed over.`, 'bad');
  if (redis.problem !== undefined) return line(redis.problem, 'bad');
  const taking = executor.workers.filter((worker) => worker.state === 'connected');
  const slots = taking.reduce((sum, worker) => sum + worker.slots, 0);
  const used = taking.reduce((sum, { name }) => sum + runsOfWorker(state, name).length, 0);
  const use = slots === 0 ? 'no worker takes runs' : `${used} of ${pluralize(slots, 'slot')} in use`;
  return line(
    `Redis is connected ${since} · ${use}, ${scheduler.queued} queued`,
    slots === 0 ? 'warning' : 'plain',
  );
}

/** What stands in place of an empty list: how workers are reached, why there is none, and what to do. */
export function noWorkerRows(state: State, columns: number): StyledRow[] {
  const problems = (state.home?.executor.warnings ?? []).flatMap((text) =>
    wrappedRows(text, columns, 'bad', 3),
  );
  const invite = inNamedHome('quickscrape worker invite NAME', state);
  if (state.home?.executor.kind === 'local') return [...localRows(state, invite, columns), ...problems];
  const { text: reached, style } = executorText(state);
  const none = 'Workers on other machines execute runs of this home. None is invited.';
  return [
    ...wrappedRows(reached, columns, style, 3),
    ...(problems.length === 0 ? [styledRow(columns, { text: none, style: 'faint' })] : problems),
    styledRow(columns, { text: `Invite one with: ${invite}`, style: 'faint' }),
  ];
}

/** Where runs start now, what makes other machines execute them, and the page that says the rest. */
function localRows(state: State, invite: string, columns: number): StyledRow[] {
  const commands = [inNamedHome('quickscrape config set executor bullmq', state), invite];
  const now = `${LOCAL}. To use workers on other machines, set executor: bullmq in settings.yaml and invite them:`;
  const page = 'They need Redis or Valkey: docs/how-to/more-machines.md has the steps.';
  return [
    ...wrappedRows(now, columns, 'faint', 4),
    ...commands.map((text) => styledRow(columns, { text: `  ${text}`, style: 'faint' })),
    ...wrappedRows(page, columns, 'faint', 2),
  ];
}

/** The room for the rows of a worker. Beside the list, each of its slots has a row. */
interface WorkerRoom {
  columns: number;
  rows: number;
  isBeside: boolean;
}

/** What a worker does and what it is, in at most `rows` rows: its runs give way. */
export function workerRows(
  state: State,
  worker: ListedWorker,
  { columns, rows, isBeside }: WorkerRoom,
): StyledRow[] {
  const runs = runsOfWorker(state, worker.name);
  if (isBeside) {
    const above = [...stateRows(state, worker, { columns, running: runs.length }), heardRow(worker, columns)];
    const below = aboutRows(state, worker, columns);
    const room = Math.max(1, rows - above.length - below.length - 2);
    return [...above, ...below, BLANK, ...slotRows(state, worker, runs, { columns, rows: room })];
  }
  const above = stateRows(state, worker, { columns, running: runs.length });
  const below = aboutRows(state, worker, columns);
  const room = Math.max(1, rows - above.length - below.length);
  return [...above, ...runRows(state, runs, { columns, rows: room }), ...below];
}

/** Each slot with the run that it carries, then the free ones. A draining worker offers none. */
function slotRows(
  state: State,
  { slots }: ListedWorker,
  runs: readonly ActiveRun[],
  room: { columns: number; rows: number },
): StyledRow[] {
  const { columns } = room;
  const busy = runs.length === 0 && slots > 0 ? [] : runRows(state, runs, room);
  const free = Math.max(0, slots - runs.length);
  const shown = Math.min(free, Math.max(0, room.rows - busy.length));
  return [
    styledRow(columns, { text: slots === 0 ? 'Runs' : `Slots, ${free} of ${slots} free`, style: 'heading' }),
    ...busy.map((row, at) =>
      labeledRow(at < runs.length && slots > 0 ? `${at + 1}` : '', columns, ...row.spans.slice(1)),
    ),
    ...Array.from({ length: shown }, (_, at) =>
      labeledRow(`${runs.length + at + 1}`, columns, { text: 'free', style: 'faint' }),
    ),
  ];
}

/** When the worker was heard last, by the second. */
function heardRow(worker: ListedWorker, columns: number): StyledRow {
  return labeledRow('Heard', columns, {
    text: (now) => heardText(worker, now),
    style: isMissed(worker) ? 'bad' : 'plain',
  });
}

/** `12s ago`; for a worker that is missed `not for 5m`; `never` for one that has not joined. */
export function heardText(worker: ListedWorker, now: number): string {
  if (worker.lastSeen === null) return 'never';
  if (!isMissed(worker)) return formatTimeAgo(worker.lastSeen, now);
  return `not for ${formatShortDuration(now - worker.lastSeen)}`;
}

function stateRows(
  { now, timezone }: State,
  worker: ListedWorker,
  { columns, running }: { columns: number; running: number },
): StyledRow[] {
  const { state, slots, drain, lastSeen, invitedAt, problem } = worker;
  const use = slots === 0 ? '' : `, ${running} of ${pluralize(slots, 'slot')} in use`;
  const clock = (at: number | null) => (at === null ? '' : ` ${formatClockTime(at, now, timezone)}`);
  const line = (text: string, style: StyleName) => [labeledRow('State', columns, { text, style })];
  if (state === 'connected') return line(`connected${use}`, 'good');
  if (state === 'unusable') return line(`it cannot take runs: ${problem}`, 'bad');
  if (state === 'draining')
    return line(
      drain === 2 ? `draining, its runs are cancelled${use}` : `draining, it takes no more runs${use}`,
      'warning',
    );
  if (state === 'invited') return line(`invited${clock(invitedAt)}, it has not joined yet`, 'faint');
  if (isMissed(worker)) return line(`silent, last heard${clock(lastSeen)}${use}`, 'bad');
  return line(`drained, last heard${clock(lastSeen)}`, 'faint');
}

function runRows(
  { now, timezone }: State,
  runs: readonly ActiveRun[],
  { columns, rows }: { columns: number; rows: number },
): StyledRow[] {
  if (runs.length === 0) return [labeledRow('Runs', columns, { text: 'none', style: 'faint' })];
  const shown = runs.slice(0, runs.length > rows ? Math.max(1, rows - 1) : rows);
  const lines = shown.map(({ jobId, runId, startedAt, pages, totalPages, items, cancelling }, at) => {
    const since = startedAt === null ? '' : `, since ${formatClockTime(startedAt, now, timezone)}`;
    const of =
      totalPages === null ? pluralize(pages, 'page') : `${pages} of ${pluralize(totalPages, 'page')}`;
    return labeledRow(
      at === 0 ? 'Runs' : '',
      columns,
      { text: jobId, style: 'running' },
      { text: `  ${of}, ${pluralize(items, 'item')}${since}`, style: 'plain' },
      { text: cancelling ? ', being cancelled' : '', style: 'warning' },
      { text: `  ${runId}`, style: 'faint' },
    );
  });
  const more = runs.length - shown.length;
  if (more === 0 || rows < 2) return lines;
  return [
    ...lines,
    labeledRow('', columns, { text: `… and ${pluralize(more, 'run')} more`, style: 'faint' }),
  ];
}

function aboutRows({ home, now, timezone }: State, worker: ListedWorker, columns: number): StyledRow[] {
  const { tags, version, skewMs, joinedAt } = worker;
  const own = home?.scheduler.version ?? BUILD;
  const isOther = version !== null && version !== own;
  return [
    labeledRow('Tags', columns, {
      text: tags.join(', ') || 'none',
      style: tags.length === 0 ? 'faint' : 'plain',
    }),
    ...(version === null
      ? []
      : [
          labeledRow('Version', columns, {
            text: isOther ? `${version}, this home has ${own}` : version,
            style: isOther ? 'warning' : 'plain',
          }),
        ]),
    ...(skewMs === null
      ? []
      : [
          labeledRow('Clock', columns, {
            text: describeSkew(skewMs),
            style: Math.abs(skewMs) >= WRONG_SKEW_MS ? 'warning' : 'plain',
          }),
        ]),
    ...(joinedAt === null
      ? []
      : [labeledRow('Joined', columns, { text: formatClockTime(joinedAt, now, timezone), style: 'plain' })]),
  ];
}

function describeSkew(skewMs: number): string {
  if (Math.abs(skewMs) < SHOWN_SKEW_MS) return 'as here';
  return `${formatDuration(Math.abs(skewMs))} ${skewMs > 0 ? 'ahead' : 'behind'}`;
}
