import { Box } from 'ink';
import { reachableActions } from '../actions/table.ts';
import { shownNotice, type Tone } from '../state/notices.ts';
import type { State } from '../state/state.ts';
import { cleanLine } from '../text/clean.ts';
import { cut } from '../text/fit.ts';
import type { LookName } from '../theme.ts';
import { Text } from './parts/text.tsx';

const LOOKS: Record<Tone, LookName> = { info: 'plain', good: 'good', warning: 'warning', bad: 'bad' };

/** The line above the footer: what happened last, for a while. */
export function NoticeLine({ state }: { state: State }) {
  const notice = shownNotice(state);
  const stale = state.home?.stale;
  const text = stale ? `Not up to date: ${stale.reason}` : (notice?.text ?? unseenWords(state));
  const look = stale ? 'bad' : notice === undefined ? 'faint' : LOOKS[notice.tone];
  return (
    <Box width={state.columns} height={1} overflow="hidden">
      <Text look={look}>{cut(cleanLine(text ?? ''), state.columns)}</Text>
    </Box>
  );
}

/** What others have done since somebody looked. */
function unseenWords(state: State): string {
  const { unseen } = state.happenings;
  if (unseen === 0) return '';
  // In other views the key does other things.
  const isHere = reachableActions(state).some(({ id }) => id === 'jobs.happenings');
  return `${unseen} new: N ${isHere ? '' : 'in the list of jobs '}shows what has happened`;
}
