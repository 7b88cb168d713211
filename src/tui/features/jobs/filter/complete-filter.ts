import type { JobRow } from '../../../home/job-row.ts';
import { type JobDisplayState, STATE_MEANINGS } from '../../../home/job-states.ts';
import { foldText } from '../../../ui/text/fold-text.ts';
import { fieldValues } from './field-values.ts';
import { quoteValue, type Token, tokenizeFilter } from './filter-tokens.ts';
import type { Completion, CompletionChoice } from './model.ts';
import { FILTER_FIELDS, type FilterField, isAmount, isTimeField } from './model.ts';

const MAX_CHOICES = 50;

/** The completions of the word at or before the cursor (an offset in the text). */
export function completeFilter(text: string, cursor: number, rows: readonly JobRow[]): Completion {
  const token = tokenizeFilter(text).find(({ from, to }) => from < cursor && cursor <= to);
  const typed = token === undefined ? undefined : fieldNamed(token.field);
  if (token === undefined || token.field === undefined) {
    const from = token === undefined ? cursor : token.from + (token.negated ? 1 : 0);
    const to = token?.to ?? cursor;
    return { from, to, choices: fieldsWithPrefix(text.slice(from, cursor)) };
  }
  const part = token.parts.find(({ from, to }) => from <= cursor && cursor <= to);
  if (typed === undefined || part === undefined) return { from: cursor, to: cursor, choices: [] };
  return { from: part.from, to: part.to, choices: valuesFor(typed, token, part.text, rows) };
}

function fieldNamed(name: string | undefined): FilterField | undefined {
  return FILTER_FIELDS.find((field) => field.name === name?.toLowerCase())?.name;
}

function fieldsWithPrefix(word: string): CompletionChoice[] {
  const typed = word.toLowerCase();
  return FILTER_FIELDS.filter(({ name }) => name.startsWith(typed)).map(({ name, example, meaning }) => ({
    text: example.slice(0, name.length + 1),
    hint: `${meaning}, such as ${example}`,
  }));
}

function valuesFor(
  field: FilterField,
  token: Token,
  value: string,
  rows: readonly JobRow[],
): CompletionChoice[] {
  if (isAmount(field)) return amountsFor(field, token, value);
  const wanted = foldText(value);
  const taken = new Set(token.parts.map(({ text }) => text).filter((text) => text !== value));
  const known = fieldValues(rows, field).filter(({ name }) => !taken.has(name));
  const typed = known.filter((each) => each.folded.startsWith(wanted));
  const within = known.filter((each) => !each.folded.startsWith(wanted) && each.folded.includes(wanted));
  return [...typed, ...within].slice(0, MAX_CHOICES).map(({ name, jobs }) => ({
    text: quoteValue(name),
    hint: [jobs === null ? '' : `${jobs} ${jobs === 1 ? 'job' : 'jobs'}`, meaningOf(field, name)]
      .filter((words) => words !== '')
      .join(': '),
  }));
}

function meaningOf(field: FilterField, name: string): string {
  const isState = (word: string): word is JobDisplayState => word in STATE_MEANINGS;
  return field === 'state' && isState(name) ? STATE_MEANINGS[name] : '';
}

/** Common amounts for a field. */
function amountsFor(field: FilterField, { operator }: Token, value: string): CompletionChoice[] {
  const isTime = isAmount(field) && isTimeField(field);
  const usual = operator === ':' ? ['none'] : isTime ? ['10m', '1h', '1d', '7d'] : ['0', '1', '10', '100'];
  return usual.filter((text) => text.startsWith(value)).map((text) => ({ text, hint: '' }));
}
