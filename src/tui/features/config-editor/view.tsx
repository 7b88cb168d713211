import { Box } from 'ink';
import { memo } from 'react';
import { displayWidth, truncateToWidth } from '../../../core/lib/display-width.ts';
import type { State } from '../../kernel/model.ts';
import { Row, Text, useTheme } from '../../ui/components/text.tsx';
import { describeHidden, type ScrollWindow } from '../../ui/scroll.ts';
import { rowsInWindow, type TextSpan } from '../../ui/styled-row.ts';
import { cellSlice, fitTo } from '../../ui/text/fit.ts';
import type { StyleName } from '../../ui/theme.ts';
import type { PaneProps } from '../define-feature.ts';
import { configEditorRows, markedRows } from './config-navigation.ts';
import { changedByOthers, findCheck, findConfig, findDraft } from './config-state.ts';
import { type Draft, describeFindings } from './model.ts';
import { sideRows } from './side-rows.ts';
import { GUTTER_CELLS, type TextRow } from './text-rows.ts';

/** The side pane: the test run, the results of a run, and the jobs that use the configuration. */
export function ConfigSide({ state, rect, focused }: PaneProps) {
  const theme = useTheme();
  const { screenReader } = theme;
  const { sideTop } = state.configs.editor;
  const rows = sideRows(state, rect.columns);
  const shown = rowsInWindow(rows, sideTop, rect.rows - 1);
  const hidden = describeHidden({ top: sideTop, height: shown.length, count: rows.length }, theme);
  const title = hidden === '' ? 'Found' : `Found  ${hidden}: ${focused ? '↓' : 'Tab, then ↓'}`;
  return (
    <Box flexDirection="column" width={rect.columns} height={rect.rows} overflow="hidden">
      <Box flexShrink={0} height={1}>
        <Text style={focused ? 'key' : 'faint'} over={screenReader && focused ? 'cursor' : undefined}>
          {truncateToWidth(title, rect.columns)}
        </Text>
      </Box>
      {shown.map((row, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row of the screen is its number
        <Row key={at} row={row} columns={rect.columns} />
      ))}
    </Box>
  );
}

interface HeadProps {
  state: State;
  name: string;
  columns: number;
  focused: boolean;
  /** What is in sight of the text. */
  scroll: ScrollWindow;
}

/** The line above a configuration's text: its name, whether it is saved and can run, and what is out of sight. */
export function TextHead({ state, name, columns, focused, scroll }: HeadProps) {
  const theme = useTheme();
  const { screenReader } = theme;
  const title = truncateToWidth(name, columns);
  const hidden = describeHidden(scroll, theme);
  const parts: (readonly [string, StyleName])[] = [
    ...describeConfigState(state, name),
    ...(hidden === '' ? [] : [[hidden, 'faint'] as const]),
  ];
  let room = columns - displayWidth(title);
  return (
    <Box flexShrink={0} height={1}>
      <Text style={focused ? 'key' : 'heading'} over={screenReader && focused ? 'cursor' : undefined}>
        {title}
      </Text>
      {parts.map(([text, style]) => {
        const part = truncateToWidth(`  ${text}`, room);
        room -= displayWidth(part);
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
  if (draft?.isSaving)
    parts.push([
      draft.thenRuns === undefined ? 'saving…' : `saving, then ${draft.thenRuns} runs…`,
      'running',
    ]);
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
  if (check === undefined)
    return [[findDraft(state, name)?.isSaveAwaited ? 'checking, then saving…' : 'checking…', 'faint']];
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

/** Rows of a configuration's text: line numbers, change marks, coloured keys, and findings below their lines. */
export function TextRows({
  rows,
  columns,
  left = 0,
  broken,
}: {
  rows: readonly TextRow[];
  columns: number;
  left?: number;
  /** The rows to mark: each has a selector that is broken. */
  broken?: ReadonlySet<TextRow>;
}) {
  return rows.map((row, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a row of the screen is its number
    <EditorRow key={at} row={row} columns={columns} left={left} isBroken={broken?.has(row) ?? false} />
  ));
}

const CHANGES = {
  same: { sign: ' ', style: 'faint' },
  added: { sign: '+', style: 'good' },
  removed: { sign: '-', style: 'bad' },
} as const;

const BROKEN = { sign: '!', style: 'bad' } as const;

const EditorRow = memo(function EditorRow({
  row,
  columns,
  left,
  isBroken,
}: {
  row: TextRow;
  columns: number;
  left: number;
  isBroken: boolean;
}) {
  if (row.kind === 'note')
    return (
      <Box flexShrink={0} height={1}>
        <Text style={row.tone}>{`${' '.repeat(GUTTER_CELLS)}${row.text}`}</Text>
      </Box>
    );
  const { sign, style } = isBroken ? BROKEN : CHANGES[row.change];
  const over = isBroken || row.change === 'removed' ? 'bad' : undefined;
  const number = row.number === null ? '' : String(row.number);
  return (
    <Box flexShrink={0} height={1}>
      <Text style="faint">{fitTo(number, GUTTER_CELLS - 2, 'right')}</Text>
      <Text style={style}>{`${sign} `}</Text>
      {cutSpans(row.spans, left, columns - GUTTER_CELLS).map((span, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a part of a line is its number
        <Text key={at} style={span.style} over={over} verbatim>
          {span.text}
        </Text>
      ))}
    </Box>
  );
});

/** The parts of a line from a cell on, cut to the width, with `…` where text is cut off. */
function cutSpans(spans: readonly TextSpan[], left: number, columns: number): readonly TextSpan[] {
  const text = spans.map((span) => span.text).join('');
  const { start, end, gap } = cellSlice(text, left, columns);
  const isWhole = end >= text.length;
  const last = isWhole ? end : cellSlice(text, left, columns - 1).end;
  let at = 0;
  const parts = spans.flatMap((span): TextSpan[] => {
    const part = span.text.slice(Math.max(0, start - at), Math.max(0, last - at));
    at += span.text.length;
    return part === '' ? [] : [{ ...span, text: part }];
  });
  const before: TextSpan[] = gap === 0 ? [] : [{ text: ' '.repeat(gap), style: 'plain' }];
  return isWhole ? [...before, ...parts] : [...before, ...parts, { text: '…', style: 'faint' }];
}

/** The text in the configuration editor. */
export function ConfigText({ state, rect, focused }: PaneProps) {
  const { name, top, left } = state.configs.editor;
  const problem = findConfig(state, name)?.problem;
  const all = problem ? [] : configEditorRows(state);
  const rows = all.slice(top, top + rect.rows - 1);
  const scroll = { top, height: rect.rows - 1, count: all.length };
  const broken = new Set(markedRows(state, all).flatMap((at) => all[at] ?? []));
  return (
    <Box flexDirection="column" width={rect.columns} height={rect.rows} overflow="hidden">
      <TextHead state={state} name={name} columns={rect.columns} focused={focused} scroll={scroll} />
      {problem && <Text style="bad">{problem}</Text>}
      <TextRows rows={rows} columns={rect.columns} left={left} broken={broken} />
    </Box>
  );
}
