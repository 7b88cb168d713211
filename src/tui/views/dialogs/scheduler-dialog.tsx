import { pluralize } from '../../../core/lib/pluralize.ts';
import { availability } from '../../actions/action.ts';
import { SCHEDULER_START, SCHEDULER_STOP } from '../../actions/scheduler-actions.ts';
import { describeScheduler } from '../../scheduler/describe-scheduler.ts';
import { explainIdleScheduler } from '../../scheduler/explain-idle-scheduler.ts';
import type { State } from '../../state/state.ts';
import type { StyleName } from '../../theme.ts';
import { formatClockTime } from '../../time/format-clock-time.ts';
import { centerRect, Overlay } from '../parts/overlay.tsx';
import { textLine } from '../parts/overlay-lines.tsx';
import type { DialogProps } from './dialog-props.ts';

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
