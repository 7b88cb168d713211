import { Box } from 'ink';
import type { State } from '../state/state.ts';
import { currentRules } from '../state/view-rules.ts';
import { cut } from '../text/fit.ts';
import { ClockText } from './parts/clock-text.tsx';
import { Text } from './parts/text.tsx';

/** The first line: where we are, how many jobs there are, the scheduler, the time. */
export function Header({ state }: { state: State }) {
  const { home, columns, timezone } = state;
  const clock = (now: number) => clockWords(now, timezone, columns >= 80);
  const clockCells = clock(state.now).length;
  const left = cut(`${currentRules(state).title(state)}  ${countWords(state)}`, columns - clockCells - 1);
  return (
    <Box width={columns} height={1} justifyContent="space-between" overflow="hidden">
      <Text look="heading">{left}</Text>
      <Box flexShrink={0}>
        {home?.stale && <Text look="bad">! </Text>}
        <ClockText of={clock} look="faint" />
      </Box>
    </Box>
  );
}

function countWords({ home }: State): string {
  if (home === undefined) return '';
  const { jobs, scheduler } = home;
  const failed = jobs.filter(({ state }) => state === 'failed').length;
  const words = [`${jobs.length} ${jobs.length === 1 ? 'job' : 'jobs'}`];
  if (failed > 0) words.push(`${failed} failed`);
  words.push(
    scheduler.state === 'off' ? 'scheduler off' : `scheduler ${scheduler.state}, pid ${scheduler.pid}`,
  );
  return words.join(' · ');
}

const FORMATS = new Map<string, Intl.DateTimeFormat>();

function clockWords(now: number, timeZone: string, withZone: boolean): string {
  let format = FORMATS.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-GB', { timeZone, timeStyle: 'short' });
    FORMATS.set(timeZone, format);
  }
  return withZone ? `${format.format(now)} ${timeZone}` : format.format(now);
}
