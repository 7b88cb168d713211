import { Box } from 'ink';
import { Row, useTheme } from '../../ui/components/text.tsx';
import type { PaneProps } from '../define-feature.ts';
import { visibleCharts } from './reducer.ts';

/** The charts of a job or of the home. */
export function Charts({ state, rect }: PaneProps) {
  const { unicode, braille } = useTheme();
  const { columns, rows: height } = rect;
  const bars = braille && !state.charts.hasBars ? 'braille' : 'blocks';
  const rows = visibleCharts(state, rect, unicode ? bars : 'ascii');
  const top = Math.min(state.charts.top, Math.max(0, rows.length - height));
  return (
    <Box flexDirection="column" width={columns} height={height} overflow="hidden">
      {rows.slice(top, top + height).map((row, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row of the screen is its number
        <Row key={at} row={row} columns={columns} />
      ))}
    </Box>
  );
}
