import { Box } from 'ink';
import { Fragment } from 'react';
import { type FooterPart, footerParts } from '../actions/footer-parts.ts';
import type { State } from '../state/state.ts';
import { Text } from './parts/text.tsx';
import { useTheme } from './parts/theme-context.ts';

/** The last line: the keys that matter here. */
export function Footer({ state }: { state: State }) {
  const parts: readonly FooterPart[] = footerParts(state, state.columns);
  const gap = useTheme().screenReader ? ', ' : '  ';
  return (
    <Box width={state.columns} height={1} overflow="hidden">
      {parts.map(({ key, word }, index) => (
        <Fragment key={`${key} ${word}`}>
          {index > 0 && <Text>{gap}</Text>}
          <Text style="key">{key}</Text>
          <Text style="faint">{` ${word}`}</Text>
        </Fragment>
      ))}
    </Box>
  );
}
