import { Box } from 'ink';
import { reachableActions } from '../actions/action-table.ts';
import { type Tone, visibleNotice } from '../state/notices.ts';
import type { State } from '../state/state.ts';
import { cleanLine } from '../text/clean.ts';
import { truncate } from '../text/fit.ts';
import type { StyleName } from '../theme.ts';
import { Text } from './parts/text.tsx';

const TONE_STYLES: Record<Tone, StyleName> = { info: 'plain', good: 'good', warning: 'warning', bad: 'bad' };

/** The line above the footer: what happened last, for a while. */
export function NoticeLine({ state }: { state: State }) {
  const notice = visibleNotice(state);
  const stale = state.home?.stale;
  const text = stale ? `Not up to date: ${stale.reason}` : (notice?.text ?? describeUnseen(state));
  const style = stale ? 'bad' : notice === undefined ? 'faint' : TONE_STYLES[notice.tone];
  return (
    <Box width={state.columns} height={1} overflow="hidden">
      <Text style={style}>{truncate(cleanLine(text ?? ''), state.columns)}</Text>
    </Box>
  );
}

/** What others have done since somebody looked. */
function describeUnseen(state: State): string {
  const { unseen } = state.activity;
  if (unseen === 0) return '';
  // In other views the key does other things.
  const isHere = reachableActions(state).some(({ id }) => id === 'jobs.happenings');
  return `${unseen} new: N ${isHere ? '' : 'in the list of jobs '}shows what has happened`;
}
