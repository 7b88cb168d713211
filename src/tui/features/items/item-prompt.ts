import { truncateToWidth } from '../../../core/lib/display-width.ts';
import { sanitizeText } from '../../../core/lib/sanitize-text.ts';
import { pluralize } from '../../../core/lib/text.ts';
import { formatFromPath } from '../../../core/model/output-format.ts';
import { type Input, keyOf } from '../../ui/input.ts';
import { EMPTY_LINE, editLine, toEditedLine } from '../../ui/text/edit-line.ts';
import { wrapText } from '../../ui/text/fit.ts';
import { type FooterPart, REFUSED_ENTER } from '../define-feature.ts';
import { allItems } from './item-table.ts';
import { filterFields, parseShownFilter } from './joined-rows.ts';
import type { ItemPrompt, ItemsEvent, ItemsSlice } from './model.ts';

/** With more items, a filter is applied when it has been typed, not at each key: it takes seconds. */
const MAX_FILTERED_AT_ONCE = 50_000;

/** Longer explanations of what is typed are cut. */
const MAX_LINES = 3;

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

/** The footer while something is typed. Of what cannot apply, it says that Enter does not take it. */
export function promptKeys(prompt: ItemPrompt, slice: ItemsSlice): readonly FooterPart[] {
  const [enter, ...others] = PROMPT_KEYS[prompt.what];
  if (enter === undefined) return others;
  if (isRejected(slice, prompt))
    return [promptProblem(prompt, slice) === '' ? { ...enter, isRefused: true } : REFUSED_ENTER, ...others];
  return [replacesFile(prompt) ? { ...enter, word: 'replace it' } : enter, ...others];
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
export function promptProblem(prompt: ItemPrompt, slice: ItemsSlice): string {
  const text = prompt.line.text.trim();
  if (prompt.what === 'filter') return filterProblem(text, slice);
  if (prompt.what === 'number')
    return text === '' || rowOfNumber(text, slice) >= 0 ? '' : describeNumbers(slice);
  if (prompt.what !== 'write' || text === '') return '';
  if (replacesFile(prompt)) return 'It exists: Enter replaces it.';
  return formatFromPath(text) === undefined ? 'End it in .csv, .json, .jsonl, .xlsx or .sqlite' : '';
}

function filterProblem(text: string, slice: ItemsSlice): string {
  return parseShownFilter(text, slice).problems[0]?.text ?? '';
}

/** The row of an item by its typed number; -1 for what is none of the items that are shown. */
function rowOfNumber(text: string, { total = 0 }: ItemsSlice): number {
  const number = Number(text.replaceAll(/[,._\s]/g, ''));
  return Number.isInteger(number) && number >= 1 && number <= total ? number - 1 : -1;
}

function describeNumbers({ total = 0 }: ItemsSlice): string {
  return total === 0 ? 'There are no items.' : `A number from 1 to ${total.toLocaleString('en-US')}`;
}

/** What may be typed, for the lines below; empty if the words in the prompt say it. */
export function promptHelp({ what, line }: ItemPrompt, slice: ItemsSlice): string {
  if (what === 'filter') {
    const { assumed } = parseShownFilter(line.text, slice);
    if (assumed.length > 0) return describeAssumed(assumed);
    return `Fields: ${filterFields(slice).join(', ')}`;
  }
  if (what === 'number') return describeNumbers(slice);
  if (what !== 'write') return '';
  return `${describeMarks(slice)}The ending chooses the format: .csv .json .jsonl .xlsx .sqlite`;
}

/** `No item has newfield so far; the others are still being read.` */
function describeAssumed(fields: readonly string[]): string {
  return `No item has ${fields.join(' or ')} so far; the others are still being read.`;
}

/** That only marked items are written, and how to write all. */
function describeMarks(slice: ItemsSlice): string {
  const { marked, only } = slice.table;
  if (marked.size === 0) return '';
  const written = `Only the marked ${marked.size.toLocaleString('en-US')} of ${pluralize(allItems(slice), 'item')}.`;
  // The first closes the prompt.
  const times = only === undefined ? 'twice' : 'three times';
  return `${written} Esc ${times} removes the marks: then x writes all that are shown. `;
}

/** The lines below what is typed: what is wrong in it, in full, or what may be typed. */
export function promptLines(prompt: ItemPrompt, slice: ItemsSlice, columns: number): string[] {
  const problem = sanitizeText(promptProblem(prompt, slice));
  const help = sanitizeText(promptHelp(prompt, slice));
  if (problem === '' && help === '') return [];
  // The names of fields can be many: one line of them is enough.
  if (problem === '' && prompt.what === 'filter') return [truncateToWidth(help, columns)];
  const lines = wrapText(problem === '' ? help : problem, columns);
  if (lines.length <= MAX_LINES) return lines;
  const last = truncateToWidth(lines.slice(MAX_LINES - 1).join(' '), columns);
  return [...lines.slice(0, MAX_LINES - 1), last];
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
    // The problem is shown below what is typed.
    return isRejected(slice, prompt)
      ? []
      : [{ kind: 'prompt', prompt: undefined }, ...accepted(slice, prompt)];
  }
  const line = editLine(prompt.line, input);
  if (line === undefined) return [];
  const typed: ItemsEvent = { kind: 'prompt', prompt: { ...prompt, line } };
  const isApplied = prompt.what === 'filter' && slice.all <= MAX_FILTERED_AT_ONCE;
  return isApplied ? [typed, filterBy(line.text)] : [typed];
}

/** Enter does not accept what cannot apply: without a part of the filter, other items than meant would be shown. */
function isRejected(slice: ItemsSlice, { what, line }: ItemPrompt): boolean {
  const text = line.text.trim();
  if (what === 'filter') return filterProblem(text, slice) !== '';
  if (what === 'number') return text !== '' && rowOfNumber(text, slice) < 0;
  return what === 'write' && formatFromPath(text) === undefined;
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
      return text === '' ? [] : [{ kind: 'row', by: rowOfNumber(text, slice) - slice.row }];
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
