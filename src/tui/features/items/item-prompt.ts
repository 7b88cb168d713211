import { formatFromPath } from '../../../core/model/output-format.ts';
import { type Input, keyOf } from '../../ui/input.ts';
import { EMPTY_LINE, editLine, toEditedLine } from '../../ui/text/edit-line.ts';
import type { FooterPart } from '../define-feature.ts';
import type { ItemPrompt, ItemsEvent, ItemsSlice } from './model.ts';

/** With more items, a filter is applied when it has been typed, not at each key: it takes seconds. */
const MAX_FILTERED_AT_ONCE = 50_000;

const KEEP: FooterPart = { key: 'Enter', word: 'keep' };
const UNDO: FooterPart = { key: 'Esc', word: 'undo' };

const PROMPT_KEYS: Readonly<Record<ItemPrompt['what'], readonly FooterPart[]>> = {
  filter: [KEEP, UNDO],
  find: [
    { key: 'Enter', word: 'go to the next' },
    { ...UNDO, word: 'close' },
  ],
  number: [
    { key: 'Enter', word: 'go to it' },
    { ...UNDO, word: 'close' },
  ],
  write: [
    { key: 'Enter', word: 'write' },
    { ...UNDO, word: 'cancel' },
  ],
};

/** The footer while something is typed. */
export function promptKeys(prompt: ItemPrompt): readonly FooterPart[] {
  const [enter, ...others] = PROMPT_KEYS[prompt.what];
  return enter !== undefined && replacesFile(prompt)
    ? [{ ...enter, word: 'replace it' }, ...others]
    : PROMPT_KEYS[prompt.what];
}

/** Opens a prompt: the filter with its text, the others empty or with what is usual. */
export function openPrompt(
  what: ItemPrompt['what'],
  { filter }: ItemsSlice['table'],
  usual?: string,
): ItemPrompt {
  const text = what === 'filter' ? filter.text : usual;
  return { what, line: text === undefined ? EMPTY_LINE : toEditedLine(text), before: filter };
}

/** What is wrong with what is typed; empty if nothing is. */
export function promptProblem(prompt: ItemPrompt, { filter }: ItemsSlice['table']): string {
  const text = prompt.line.text.trim();
  if (prompt.what === 'filter') return filter.problems[0]?.text ?? '';
  if (prompt.what !== 'write' || text === '') return '';
  if (replacesFile(prompt)) return 'It exists: Enter replaces it.';
  return formatFromPath(text) === undefined ? 'End it in .csv, .json, .jsonl, .xlsx or .sqlite' : '';
}

/** What may be typed, for the line below; empty if the words in the prompt say it. */
export function promptHelp({ what }: ItemPrompt): string {
  return what === 'write' ? 'The ending chooses the format: .csv .json .jsonl .xlsx .sqlite' : '';
}

function replacesFile({ line, replaces }: ItemPrompt): boolean {
  return replaces !== undefined && replaces === line.text.trim();
}

/** What an input to the open prompt means; `undefined` if none is open. */
export function inputToPrompt(slice: ItemsSlice, input: Input): readonly ItemsEvent[] | undefined {
  const { prompt } = slice;
  if (prompt === undefined) return undefined;
  const key = keyOf(input);
  if (key === 'escape') return [...undone(slice, prompt), { kind: 'prompt', prompt: undefined }];
  if (key === 'enter') {
    // The problem is shown beside what is typed.
    const isWrong = prompt.what === 'write' && formatFromPath(prompt.line.text.trim()) === undefined;
    return isWrong ? [] : [{ kind: 'prompt', prompt: undefined }, ...accepted(slice, prompt)];
  }
  const line = editLine(prompt.line, input);
  if (line === undefined) return [];
  const typed: ItemsEvent = { kind: 'prompt', prompt: { ...prompt, line } };
  const isApplied = prompt.what === 'filter' && slice.all <= MAX_FILTERED_AT_ONCE;
  return isApplied ? [typed, filterBy(line.text)] : [typed];
}

function undone({ table }: ItemsSlice, { what, before }: ItemPrompt): ItemsEvent[] {
  return what === 'filter' && table.filter !== before ? [filterBy(before.text)] : [];
}

function accepted(slice: ItemsSlice, prompt: ItemPrompt): ItemsEvent[] {
  const { what, line } = prompt;
  const text = line.text.trim();
  switch (what) {
    case 'filter':
      return [filterBy(text)];
    case 'find':
      return text === '' ? [] : [{ kind: 'find', by: 1, text }];
    case 'number': {
      const number = Number(text.replaceAll(/[,._\s]/g, ''));
      return text === '' || !Number.isInteger(number) ? [] : [{ kind: 'row', by: number - 1 - slice.row }];
    }
    case 'write':
      return [{ kind: 'write', to: text, force: replacesFile(prompt) }];
    default:
      return what satisfies never;
  }
}

function filterBy(text: string): ItemsEvent {
  return { kind: 'table', change: { kind: 'filter', text } };
}
