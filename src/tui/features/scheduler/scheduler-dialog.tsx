import { pluralize } from '../../../core/lib/text.ts';
import type { HomeData, SchedulerView } from '../../home/home-data.ts';
import { availability, performAction } from '../../kernel/action.ts';
import type { State } from '../../kernel/model.ts';
import { closeDialog, step } from '../../kernel/step.ts';
import { boxColumns, centerRect, Overlay, textLine } from '../../ui/components/overlay.tsx';
import { formatClockTime, replaceInstants } from '../../ui/format.ts';
import { keyOf } from '../../ui/input.ts';
import type { StyleName } from '../../ui/theme.ts';
import type { DialogProps, DialogRules } from '../define-feature.ts';
import { SCHEDULER_START, SCHEDULER_STOP } from './actions.ts';
import { activeRunLines } from './active-run-lines.ts';

/** `s` starts the scheduler, `x` asks whether to stop it. Only the possible one is available. */
export const schedulerRules: DialogRules<'scheduler'> = {
  onInput(state, _, input) {
    const key = keyOf(input);
    if (CLOSING.includes(key)) return closeDialog(state);
    const action = KEYS[key];
    if (action === undefined) return step(state);
    return performAction(availability(action, state) === true ? closeDialog(state).state : state, action);
  },
};

const CLOSING: readonly string[] = ['escape', 'enter', 'q'];
const KEYS: Readonly<Record<string, typeof SCHEDULER_START>> = { s: SCHEDULER_START, x: SCHEDULER_STOP };

const MAX_COLUMNS = 84;
/** The state of the scheduler and its slots stand above the table of active runs. */
const LINES_ABOVE = 2;

export function SchedulerDialog({ state, body }: DialogProps<'scheduler'>) {
  const inner = boxColumns(body, MAX_COLUMNS) - 4;
  const texts = schedulerLines(state).map(([text, style], index) =>
    textLine(String(index), text, style, inner),
  );
  const runs = activeRunLines(state, inner, body.rows - 2 - texts.length);
  const lines = [...texts.slice(0, LINES_ABOVE), ...runs, ...texts.slice(LINES_ABOVE)];
  const height = lines.reduce((sum, { rows = 1 }) => sum + rows, 0);
  return <Overlay rect={centerRect(body, MAX_COLUMNS, height + 2)} title="Scheduler" lines={lines} />;
}

function schedulerLines(state: State): [string, StyleName][] {
  const { home, timezone } = state;
  const place = `Home ${state.paths.home}${state.readOnly ? ', opened with --read-only' : ''}`;
  if (home === undefined)
    return [
      [place, 'plain'],
      ['It has not been read yet.', 'faint'],
    ];
  const { scheduler } = home;
  const clock = (instant: number) => formatClockTime(instant, state.now, timezone);
  const since = scheduler.since === null ? '' : `, since ${clock(scheduler.since)}`;
  const version = scheduler.version === null ? '' : `, version ${scheduler.version}`;
  const runs = `${scheduler.slotsUsed} of ${pluralize(scheduler.slots, 'slot')} in use, ${scheduler.queued} queued`;
  const why = explainIdleScheduler(home, clock);
  return [
    [`${describeScheduler(scheduler)}${since}${version}`, scheduler.state === 'running' ? 'good' : 'warning'],
    [runs, 'plain'],
    [place, 'plain'],
    ...(why === undefined ? [] : [why]),
    ...scheduler.warnings.map((warning): [string, StyleName] => [replaceInstants(warning, clock), 'bad']),
    ...whyNoKey(state),
  ];
}

/** Why it can neither be started nor stopped; the key for what can be done is in the footer. */
function whyNoKey(state: State): [string, StyleName][] {
  const [start, stop] = [availability(SCHEDULER_START, state), availability(SCHEDULER_STOP, state)];
  return start === true || stop === true ? [] : [[start, 'faint']];
}

/** The state of the scheduler for the header: `scheduler running, pid 4711`. */
function describeScheduler({ state, pid, held }: SchedulerView): string {
  if (state === 'off') return 'scheduler off';
  if (held !== null && state === 'running') return `scheduler held, pid ${pid}`;
  return `scheduler ${state}, pid ${pid}`;
}

/**
 * Explains in one line why no run is active, or why queued runs do not start; `undefined` when there is nothing to
 * explain. Only what a person could change is a warning.
 * @param clock formats an instant for display
 */
export function explainIdleScheduler(
  { jobs, scheduler }: Pick<HomeData, 'jobs' | 'scheduler'>,
  clock: (instant: number) => string,
): [string, StyleName] | undefined {
  const { state, slots, slotsUsed, queued, held } = scheduler;
  if (state === 'off')
    return ['The scheduler is off: no job starts on schedule. D, then s, starts it.', 'warning'];
  if (state === 'stopping') {
    const left = slotsUsed === 0 ? '' : `; it waits for ${pluralize(slotsUsed, 'run')}`;
    return [`The scheduler is stopping and starts nothing more${left}.`, 'warning'];
  }
  if (held !== null) return [`Nothing starts: ${held}.`, 'warning'];
  if (slotsUsed >= slots && queued > 0)
    return [`All ${pluralize(slots, 'slot')} are taken; ${pluralize(queued, 'run')} queued.`, 'warning'];
  if (slotsUsed > 0) return undefined;
  if (queued > 0)
    return [`${pluralize(queued, 'run')} queued; the log of each says what it waits for.`, 'warning'];
  return explainNothingDue(jobs, clock);
}

function explainNothingDue(jobs: HomeData['jobs'], clock: (instant: number) => string): [string, StyleName] {
  if (jobs.length === 0) return ['There are no jobs yet.', 'warning'];
  const enabled = jobs.filter(({ enabled }) => enabled);
  if (enabled.length === 0) return ['No job is enabled.', 'warning'];
  if (enabled.every(({ pausedAt }) => pausedAt !== null))
    return ['All enabled jobs are paused; p resumes one.', 'warning'];
  const next = enabled.reduce<(typeof jobs)[number] | undefined>(
    (soonest, job) =>
      job.nextRun !== null && (soonest?.nextRun == null || job.nextRun < soonest.nextRun) ? job : soonest,
    undefined,
  );
  if (next === undefined || next.nextRun === null) return ['No enabled job has an upcoming run.', 'warning'];
  return [`Nothing is due before ${clock(next.nextRun)} (${next.id}).`, 'plain'];
}
