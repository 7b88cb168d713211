import { Box } from 'ink';
import type { PreviewNote } from '../../../core/schedule/preview.ts';
import type { State } from '../../kernel/model.ts';
import { Row } from '../../ui/components/text.tsx';
import { type TextColumn, TextTable, tableCells } from '../../ui/components/text-table.tsx';
import { BLANK, type StyledRow, styledRow, type TextSpan, wrappedRows } from '../../ui/styled-row.ts';
import type { StyleName } from '../../ui/theme.ts';
import type { PaneProps } from '../define-feature.ts';
import { isOfOccurrence } from '../jobs/job-cells.ts';
import { type FieldKind, labelOf } from './fields.ts';
import type { Form } from './model.ts';
import { fieldAt } from './param-fields.ts';
import { textAt } from './param-texts.ts';
import { type PreviewRun, previewOf } from './preview.ts';

/** The side pane: the next runs, help for the field with the focus, and messages. */
export function FormSide({ state, rect }: PaneProps) {
  const form = state.form.open;
  if (form === undefined) return null;
  const whole = sideContent(state, form, rect.columns);
  const { above, runs, below } =
    rowsOf(whole) <= rect.rows ? whole : compactContent(state, form, rect.columns);
  const room = Math.max(0, rect.rows - above.length);
  return (
    <Box flexDirection="column" width={rect.columns} height={rect.rows} overflow="hidden">
      <Rows rows={above.slice(0, rect.rows)} />
      <TextTable columns={runColumns(rect.columns)} rows={runs.slice(0, room)} />
      <Rows rows={below.slice(0, Math.max(0, room - runs.length))} />
    </Box>
  );
}

function Rows({ rows }: { rows: readonly StyledRow[] }) {
  // biome-ignore lint/suspicious/noArrayIndexKey: a row of the screen is its number
  return rows.map((row, at) => <Row key={at} row={row} />);
}

/** The content of the side pane: lines of at most `columns` cells, with a table of the next runs between them. */
interface SideContent {
  readonly above: readonly StyledRow[];
  /** Each run, and in one word what is special about it. */
  readonly runs: readonly (readonly TextSpan[])[];
  readonly below: readonly StyledRow[];
}

export function sideContent(state: State, form: Form, columns: number): SideContent {
  const statement = (style: StyleName, text: string) => wrappedRows(text, columns, style);
  const preview = previewOf(form, state.now);
  const below = [BLANK, ...helpLines(form, statement), ...warningLines(form, statement)];
  if (preview === undefined)
    return { above: statement('faint', 'No run: the schedule is not complete.'), runs: [], below };
  const { words, runs, notes } = preview;
  const isDisabled = form.texts.enabled === 'false';
  return {
    above: [
      ...statement('heading', words),
      ...(isDisabled ? statement('warning', 'Disabled: the scheduler does not start it.') : []),
      ...(runs.length === 0 ? statement('warning', 'It never runs.') : []),
    ],
    runs: runs.map((run) => runSpans(run, notes)),
    below: [...notes.flatMap(({ text }) => statement('warning', text)), ...below],
  };
}

function rowsOf({ above, runs, below }: SideContent): number {
  return above.length + runs.length + below.length;
}

const COMPACT_RUNS = 3;

/** The same for a pane with few rows: the next three runs in one line, then what the field with the focus is. */
function compactContent(state: State, form: Form, columns: number): SideContent {
  const { above, runs, below } = sideContent(state, form, columns);
  const times = previewOf(form, state.now)?.runs ?? [];
  const next = times.slice(0, COMPACT_RUNS).map(({ text }) => text.replace(/ [+-]\d\d:\d\d$/, ''));
  const line = styledRow(columns, { text: `Next ${next.join(', ')}`, style: 'plain' });
  const help = below.filter((row) => row !== BLANK);
  return { above: runs.length === 0 ? above : [...above, line], runs: [], below: help };
}

/** As `Thu 2026-11-26 09:00:30 +01:00`. */
const RUN_CELLS = 30;
const NOTE: TextColumn = { title: 'NOTE', cells: 7 };

/** The columns of the table of the next runs; a narrow pane has no room for the notes. */
function runColumns(columns: number): readonly TextColumn[] {
  const run: TextColumn = { title: 'RUN', cells: Math.min(RUN_CELLS, columns - 2) };
  return tableCells([run, NOTE]) <= columns ? [run, NOTE] : [run];
}

function runSpans({ at, text }: PreviewRun, notes: readonly PreviewNote[]): TextSpan[] {
  const note = notes.find((each) => isOfOccurrence(each) && each.at.getTime() === at);
  return [
    { text, style: 'plain' },
    { text: note?.kind ?? '', style: 'warning' },
  ];
}

type AddLine = (style: StyleName, text: string) => StyledRow[];

function helpLines(form: Form, statement: AddLine): StyledRow[] {
  const { focus, texts } = form;
  if (focus === 'more') return statement('faint', 'Enter unfolds the fields that are seldom changed.');
  const { help, kind } = fieldAt(form, focus);
  const text = textAt(texts, focus);
  const chosen = kind.is === 'choice' ? kind.choices.find(({ value }) => value === text) : undefined;
  return [
    ...statement('key', labelOf(focus)),
    ...statement('plain', help),
    ...(chosen?.words === undefined
      ? []
      : statement('plain', `${chosen.label ?? chosen.value}: ${chosen.words}`)),
    ...statement('faint', KEY_HINTS[kind.is]),
  ];
}

/** The keys in a field of each kind, apart from moving and typing. */
const KEY_HINTS: Readonly<Record<FieldKind['is'], string>> = {
  text: '',
  number: '',
  list: '',
  command: 'A line as in a shell, but without a shell; or the JSON of an array.',
  pick: '→ at the end completes, Enter shows all.',
  choice: '← → go through them, Enter or a letter shows all.',
};

function warningLines({ check, texts }: Form, statement: AddLine): StyledRow[] {
  if (check.texts !== texts || check.warnings.length === 0) return [];
  return [BLANK, ...check.warnings.flatMap((text) => statement('warning', text))];
}
