import { Box } from 'ink';
import { configEditorRows } from '../../configs/config-editor-scroll.ts';
import { findConfig } from '../../configs/configs-state.ts';
import type { PaneProps } from '../parts/pane-props.ts';
import { Text } from '../parts/text.tsx';
import { TextHead } from './text-head.tsx';
import { TextRows } from './text-rows.tsx';

/** The text of the configuration that is worked on. */
export function ConfigText({ state, rect, focused }: PaneProps) {
  const { name, top, left } = state.configs.editor;
  const problem = findConfig(state, name)?.problem;
  const rows = problem ? [] : configEditorRows(state).slice(top, top + rect.rows - 1);
  return (
    <Box flexDirection="column" width={rect.columns} height={rect.rows} overflow="hidden">
      <TextHead state={state} name={name} columns={rect.columns} focused={focused} />
      {problem && <Text style="bad">{problem}</Text>}
      <TextRows rows={rows} columns={rect.columns} left={left} />
    </Box>
  );
}
