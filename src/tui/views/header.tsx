import { Box } from 'ink';
import { Fragment } from 'react';
import { HEADER_GAP, type HeaderPart, headerParts } from '../header-parts.ts';
import type { State } from '../state/state.ts';
import { currentRules } from '../state/view-rules.ts';
import { ClockText } from './parts/clock-text.tsx';
import { Text } from './parts/text.tsx';
import { useTheme } from './parts/theme-context.ts';

/** The first line: where we are, how many jobs are in which state, the scheduler, the time. */
export function Header({ state }: { state: State }) {
  const parts = headerParts(state, currentRules(state).title(state));
  return (
    <Box width={state.columns} height={1} justifyContent="space-between" overflow="hidden">
      <Parts parts={parts.filter(({ side }) => side === 'left')} />
      <Parts parts={parts.filter(({ side }) => side === 'right')} />
    </Box>
  );
}

function Parts({ parts }: { parts: readonly HeaderPart[] }) {
  const gap = useTheme().screenReader ? ', ' : ' '.repeat(HEADER_GAP);
  return (
    <Box flexShrink={0}>
      {parts.map(({ id, text, style }, index) => (
        <Fragment key={id}>
          {index > 0 && <Text>{gap}</Text>}
          {typeof text === 'string' ? (
            <Text style={style}>{text}</Text>
          ) : (
            <ClockText style={style} of={text} />
          )}
        </Fragment>
      ))}
    </Box>
  );
}
