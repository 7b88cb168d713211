import { Box } from 'ink';
import { useMemo } from 'react';
import { MINUTE_MS } from '../../../core/lib/clock.ts';
import { Row, useTheme } from '../../ui/components/text.tsx';
import { describeHidden } from '../../ui/scroll.ts';
import { plainRow } from '../../ui/styled-row.ts';
import type { PaneProps } from '../define-feature.ts';
import { visibleCharts } from './reducer.ts';

/** The charts of a job or of the home. */
export function Charts({ state, rect }: PaneProps) {
  const theme = useTheme();
  const { unicode, braille } = theme;
  const { columns, rows: height } = rect;
  const { charts, runs, views, linear, timezone } = state;
  const bars = braille && !charts.hasBars ? 'braille' : 'blocks';
  const signs = unicode ? bars : 'ascii';
  const slots = state.home?.scheduler.slots;
  const minute = Math.floor(state.now / MINUTE_MS);
  // biome-ignore lint/correctness/useExhaustiveDependencies: of the state, only this is drawn
  const rows = useMemo(
    () => visibleCharts(state, { columns, rows: height }, signs),
    [charts.home, charts.medians, runs.runs, views, linear, timezone, slots, minute, columns, height, signs],
  );
  const top = Math.min(charts.top, Math.max(0, rows.length - height));
  const below = Math.max(0, rows.length - top - height);
  const hidden = describeHidden({ top, height: height - 1, count: rows.length }, theme);
  const more = below === 0 ? [] : [plainRow(hidden, 'faint')];
  const shown = [...rows.slice(top, top + height - more.length), ...more];
  return (
    <Box flexDirection="column" width={columns} height={height} overflow="hidden">
      {shown.map((row, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row of the screen is its number
        <Row key={at} row={row} columns={columns} />
      ))}
    </Box>
  );
}
