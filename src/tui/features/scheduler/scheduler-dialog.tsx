import { pluralize } from '../../../core/lib/pluralize.ts';
import { availability, performAction } from '../../kernel/action.ts';
import type { State } from '../../kernel/model.ts';
import { closeDialog } from '../../kernel/navigation.ts';
import { step } from '../../kernel/step.ts';
import { centerRect, Overlay, textLine } from '../../ui/components/overlay.tsx';
import { keyOf } from '../../ui/input.ts';
import type { StyleName } from '../../ui/theme.ts';
import { formatClockTime } from '../../ui/time/format-date-time.ts';
import type { DialogProps, DialogRules } from '../define-feature.ts';
import { SCHEDULER_START, SCHEDULER_STOP } from './actions.ts';
import { describeScheduler, explainIdleScheduler } from './describe-scheduler.ts';

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

export function SchedulerDialog({ state, body }: DialogProps<'scheduler'>) {
  const texts = schedulerLines(state);
  const rect = centerRect(body, 84, texts.length + 2);
  const inner = rect.columns - 4;
  const lines = texts.map(([text, style], index) => textLine(String(index), text, style, inner));
  return <Overlay rect={rect} title="Scheduler" lines={lines} />;
}

function schedulerLines(state: State): [string, StyleName][] {
  const { home, timezone } = state;
  const place = `Home ${state.paths.home}${state.readOnly ? ', opened with --read-only' : ''}`;
  if (home === undefined)
    return [
      [place, 'plain'],
      ['It was not read yet.', 'faint'],
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
    ...(why === undefined ? [] : [[why, 'warning'] satisfies [string, StyleName]]),
    ...scheduler.warnings.map((warning): [string, StyleName] => [warning, 'bad']),
    ['', 'plain'],
    [describeKeys(state), 'key'],
  ];
}

function describeKeys(state: State): string {
  const [start, stop] = [availability(SCHEDULER_START, state), availability(SCHEDULER_STOP, state)];
  if (start === true) return 's start';
  return stop === true ? 'x stop' : start;
}
