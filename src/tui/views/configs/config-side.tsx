import { Box } from 'ink';
import type { SideRow } from '../../configs/side-row.ts';
import { sideRows } from '../../configs/side-rows.ts';
import { cut } from '../../text/fit.ts';
import { ClockText } from '../parts/clock-text.tsx';
import type { PaneProps } from '../parts/pane.ts';
import { Text } from '../parts/text.tsx';

/** What stands beside the text: the trial, what a run found, who uses it. */
export function ConfigSide({ state, rect, focused }: PaneProps) {
  const { sideTop } = state.configs.bench;
  const rows = sideRows(state, rect.columns);
  const shown = rows.slice(sideTop, sideTop + rect.rows - 1);
  const more = rows.length - sideTop - shown.length;
  const title = more > 0 ? `Found (${more} more below)` : 'Found';
  return (
    <Box flexDirection="column" width={rect.columns} height={rect.rows} overflow="hidden">
      <Box flexShrink={0} height={1}>
        <Text look={focused ? 'key' : 'faint'}>{cut(title, rect.columns)}</Text>
      </Box>
      {shown.map((row, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row of the screen is its number
        <Row key={at} row={row} columns={rect.columns} />
      ))}
    </Box>
  );
}

function Row({ row, columns }: { row: SideRow; columns: number }) {
  const { spans, since } = row;
  return (
    <Box flexShrink={0} height={1} width={columns} overflow="hidden">
      {spans.length === 0 && <Text> </Text>}
      {since !== undefined && <ClockText of={spin} look="running" />}
      {spans.map(({ text, look }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a part of a line is its number
        <Text key={at} look={look}>
          {text}
        </Text>
      ))}
      {since !== undefined && <ClockText of={(now) => passed(now - since)} look="faint" />}
    </Box>
  );
}

const SPINNER = ['| ', '/ ', '- ', '\\ '] as const;

function spin(now: number): string {
  return SPINNER[Math.floor(now / 1000) % SPINNER.length] ?? '| ';
}

function passed(ms: number): string {
  return ` ${Math.max(0, Math.floor(ms / 1000))} s`;
}
