import type { State } from '../../kernel/model.ts';
import { BLANK, type StyledRow, styledRow, wrappedRows } from '../../ui/styled-row.ts';
import type { StyleName } from '../../ui/theme.ts';
import { type FieldKind, fieldAt, labelOf } from './fields.ts';
import type { Form } from './model.ts';

import { previewOf } from './preview.ts';

/** The content of the side pane, in lines of at most `columns` cells. */
export function sideLines(state: State, form: Form, columns: number): readonly StyledRow[] {
  const statement = (style: StyleName, text: string) => wrappedRows(text, columns, style);
  return [
    ...runLines(state, form, columns, statement),
    BLANK,
    ...helpLines(form, statement),
    ...warningLines(form, statement),
  ];
}

type AddLine = (style: StyleName, text: string) => StyledRow[];

function runLines({ now }: State, form: Form, columns: number, statement: AddLine): StyledRow[] {
  const preview = previewOf(form, now);
  if (preview === undefined) return statement('faint', 'No run: the schedule is not complete.');
  const { words, runs, notes } = preview;
  return [
    ...statement('heading', words),
    ...(form.texts.enabled === 'false'
      ? statement('warning', 'Disabled: the scheduler does not start it.')
      : []),
    ...(runs.length === 0 ? statement('warning', 'It never runs.') : []),
    ...runs.map(({ text }) => styledRow(columns, { text, style: 'plain' })),
    ...notes.flatMap(({ text }) => statement('warning', text)),
  ];
}

function helpLines({ focus, texts }: Form, statement: AddLine): StyledRow[] {
  if (focus === 'more') return statement('faint', 'Enter unfolds the fields that are seldom changed.');
  const { help, kind } = fieldAt(focus);
  const chosen = kind.is === 'choice' ? kind.choices.find(({ value }) => value === texts[focus]) : undefined;
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
