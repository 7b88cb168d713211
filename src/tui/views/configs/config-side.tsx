import { Box } from 'ink';
import { sideRows } from '../../configs/side-rows.ts';
import { truncate } from '../../text/fit.ts';
import type { PaneProps } from '../parts/pane-props.ts';
import { Row } from '../parts/row.tsx';
import { Text } from '../parts/text.tsx';
import { useTheme } from '../parts/theme-context.ts';

/** What stands beside the text: the trial, what a run found, who uses it. */
export function ConfigSide({ state, rect, focused }: PaneProps) {
  const { screenReader } = useTheme();
  const { sideTop } = state.configs.editor;
  const rows = sideRows(state, rect.columns);
  const shown = rows.slice(sideTop, sideTop + rect.rows - 1);
  const more = rows.length - sideTop - shown.length;
  const title = more > 0 ? `Found (${more} more below)` : 'Found';
  return (
    <Box flexDirection="column" width={rect.columns} height={rect.rows} overflow="hidden">
      <Box flexShrink={0} height={1}>
        <Text style={focused ? 'key' : 'faint'} over={screenReader && focused ? 'cursor' : undefined}>
          {truncate(title, rect.columns)}
        </Text>
      </Box>
      {shown.map((row, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row of the screen is its number
        <Row key={at} row={row} columns={rect.columns} />
      ))}
    </Box>
  );
}
