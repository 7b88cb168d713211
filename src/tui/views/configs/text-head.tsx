import { Box } from 'ink';
import { describeFindings } from '../../configs/config-row.ts';
import { changedByOthers, findCheck, findConfig, findDraft } from '../../configs/configs-state.ts';
import type { Draft } from '../../configs/draft.ts';
import type { State } from '../../state/state.ts';
import { textWidth, truncate } from '../../text/fit.ts';
import type { StyleName } from '../../theme.ts';
import { Text } from '../parts/text.tsx';
import { useTheme } from '../parts/theme-context.ts';

interface HeadProps {
  state: State;
  name: string;
  columns: number;
  focused: boolean;
}

/** The line over a configuration's text: its name, whether it is saved, whether it can run. */
export function TextHead({ state, name, columns, focused }: HeadProps) {
  const { screenReader } = useTheme();
  const title = truncate(name, columns);
  const parts = describeConfigState(state, name);
  let room = columns - textWidth(title);
  return (
    <Box flexShrink={0} height={1}>
      <Text style={focused ? 'key' : 'heading'} over={screenReader && focused ? 'cursor' : undefined}>
        {title}
      </Text>
      {parts.map(([text, style]) => {
        const part = truncate(`  ${text}`, room);
        room -= textWidth(part);
        return (
          <Text key={text} style={style}>
            {part}
          </Text>
        );
      })}
    </Box>
  );
}

function describeConfigState(state: State, name: string): (readonly [string, StyleName])[] {
  const draft = findDraft(state, name);
  const row = findConfig(state, name);
  if (draft === undefined && row === undefined) {
    const isRead = state.configs.rows !== undefined;
    return [isRead ? ['there is no such configuration', 'bad'] : ['…', 'faint']];
  }
  const parts: (readonly [string, StyleName])[] = [];
  if (draft?.isSaving) parts.push(['saving…', 'running']);
  else if (draft !== undefined) parts.push([`${describeDraft(draft)}not saved`, 'warning']);
  if (draft?.base && row === undefined) parts.push(['deleted meanwhile', 'bad']);
  if (changedByOthers(state, name)) parts.push(['changed meanwhile', 'bad']);
  return [...parts, ...describeCheck(state, name)];
}

function describeDraft({ yaml, base }: Draft): string {
  if (base === null) return 'new, ';
  return yaml === base.yaml ? '' : 'edited, ';
}

function describeCheck(state: State, name: string): (readonly [string, StyleName])[] {
  if (findConfig(state, name)?.problem) return [['cannot be read', 'bad']];
  const check = findCheck(state, name);
  if (check === undefined) return [['checking…', 'faint']];
  if (check.problem !== null) {
    const what = findDraft(state, name) === undefined ? 'run' : 'be saved';
    return [[`cannot ${what}: ${describeFindings(check)}`, 'bad']];
  }
  const doubts = describeFindings(check);
  return doubts === ''
    ? [['valid', 'good']]
    : [
        ['valid', 'good'],
        [doubts, 'warning'],
      ];
}
