import { BLANK, type LookRow, rowOf, wrapped } from '../look-row.ts';
import type { State } from '../state/state.ts';
import type { LookName } from '../theme.ts';
import { type FieldKind, fieldAt, labelOf } from './fields.ts';
import type { Form } from './form.ts';
import { previewOf } from './preview.ts';

/** What stands beside the form, in lines of at most `columns` cells. */
export function sideLines(state: State, form: Form, columns: number): readonly LookRow[] {
  const said = (look: LookName, text: string) => wrapped(text, columns, look);
  return [
    ...runLines(state, form, columns, said),
    BLANK,
    ...helpLines(form, said),
    ...warningLines(form, said),
  ];
}

type Say = (look: LookName, text: string) => LookRow[];

function runLines({ now }: State, form: Form, columns: number, said: Say): LookRow[] {
  const preview = previewOf(form, now);
  if (preview === undefined) return said('faint', 'No run: the schedule is not complete.');
  const { words, runs, notes } = preview;
  return [
    ...said('heading', words),
    ...(form.texts.enabled === 'false' ? said('warning', 'Disabled: the scheduler does not start it.') : []),
    ...(runs.length === 0 ? said('warning', 'It never runs.') : []),
    ...runs.map(({ text }) => rowOf(columns, { text, look: 'plain' })),
    ...notes.flatMap(({ text }) => said('warning', text)),
  ];
}

function helpLines({ focus, texts }: Form, said: Say): LookRow[] {
  if (focus === 'more') return said('faint', 'Enter unfolds the fields that are seldom changed.');
  const { help, kind } = fieldAt(focus);
  const chosen = kind.is === 'choice' ? kind.choices.find(({ value }) => value === texts[focus]) : undefined;
  return [
    ...said('key', labelOf(focus)),
    ...said('plain', help),
    ...(chosen?.words === undefined ? [] : said('plain', `${chosen.label ?? chosen.value}: ${chosen.words}`)),
    ...said('faint', KEY_WORDS[kind.is]),
  ];
}

/** What the keys do in a field of each kind, beside moving and writing. */
const KEY_WORDS: Readonly<Record<FieldKind['is'], string>> = {
  text: '',
  number: '',
  list: '',
  command: 'A line as in a shell, but without a shell; or the JSON of an array.',
  pick: '→ at the end completes, Enter shows all.',
  choice: '← → go through them, Enter or a letter shows all.',
};

function warningLines({ check, texts }: Form, said: Say): LookRow[] {
  if (check.texts !== texts || check.warnings.length === 0) return [];
  return [BLANK, ...check.warnings.flatMap((text) => said('warning', text))];
}
