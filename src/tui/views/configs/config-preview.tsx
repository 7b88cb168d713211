import { Box } from 'ink';
import { rowsOfText } from '../../configs/config-editor-scroll.ts';
import { findConfig, selectedConfig } from '../../configs/configs-state.ts';
import type { PaneProps } from '../parts/pane-props.ts';
import { Text } from '../parts/text.tsx';
import { TextHead } from './text-head.tsx';
import { TextRows } from './text-rows.tsx';

/** The text of the selected configuration, beside the list. */
export function ConfigPreview({ state, rect, focused }: PaneProps) {
  const name = selectedConfig(state);
  if (name === undefined) return <Text style="faint">No configuration is selected.</Text>;
  const problem = findConfig(state, name)?.problem;
  const { textTop } = state.configs;
  const rows = problem ? [] : rowsOfText(state, name, rect.columns).slice(textTop, textTop + rect.rows - 1);
  return (
    <Box flexDirection="column" width={rect.columns} height={rect.rows} overflow="hidden">
      <TextHead state={state} name={name} columns={rect.columns} focused={focused} />
      {problem && <Text style="bad">{problem}</Text>}
      <TextRows rows={rows} columns={rect.columns} />
    </Box>
  );
}
