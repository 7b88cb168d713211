import { Box } from 'ink';
import { memo } from 'react';
import type { StyledRow } from '../styled-row.ts';
import { ClockText } from './clock-text.tsx';
import { Text, useTheme } from './text.tsx';

/** A row of a pane. A text longer than `columns` is cut off, if the caller has not done so. */
export const Row = memo(function Row({ row, columns }: { row: StyledRow; columns?: number }) {
  const clip = columns === undefined ? {} : ({ width: columns, overflow: 'hidden' } as const);
  return (
    <Box flexShrink={0} height={1} {...clip}>
      {row.spans.length === 0 && <Text> </Text>}
      <Spans row={row} />
    </Box>
  );
});

/** The texts of a row, without their own box. */
export function Spans({ row: { spans, selected } }: { row: StyledRow }) {
  const theme = useTheme();
  const over = selected ? 'selected' : undefined;
  const shown: StyledRow['spans'] =
    selected && theme.screenReader ? [{ text: theme.sign('pointer'), style: 'plain' }, ...spans] : spans;
  return shown.map(({ text, style }, at) =>
    typeof text === 'string' ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: a part of a line is its number
      <Text key={at} style={style} over={over}>
        {text}
      </Text>
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: a part of a line is its number
      <ClockText key={at} style={style} over={over} of={text} />
    ),
  );
}
