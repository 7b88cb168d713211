import {
  FILTER_FIELDS,
  type FilterField,
  isAmount,
  isTimeField,
} from '../../../../core/jobs/filter/filter-terms.ts';
import {
  AUTHOR_ALIASES,
  quoteValue,
  type Token,
  tokenizeFilter,
} from '../../../../core/jobs/filter/parse-filter.ts';
import { JOB_STATES, type JobDisplayState, STATE_ALIASES } from '../../../../core/jobs/job-display-state.ts';
import { foldText } from '../../../../core/lib/fold-text.ts';
import { ACTORS } from '../../../../core/model/definition.ts';
import type { JobRow } from '../../../home/job-row.ts';
import { STATE_MEANINGS } from '../../../home/job-state-display.ts';
import { memoize } from '../../../ui/memoize.ts';
import type { Completion, CompletionChoice } from '../model.ts';

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

/** A value of a field, and the number of jobs that have it; `null` when they are not counted. */
interface FieldValue {
  readonly name: string;
  /** The folded name for the search; see {@link foldText}. */
  readonly folded: string;
  readonly jobs: number | null;
}

/** The values of a field in these rows, most frequent first; empty for a field of amounts. */
function fieldValues(rows: readonly JobRow[], field: FilterField): readonly FieldValue[] {
  const known = valuesIn(rows);
  const before = known.get(field);
  if (before !== undefined) return before;
  const names = countValues(rows, field).map((each) => ({ ...each, folded: foldText(each.name) }));
  known.set(field, names);
  return names;
}

/** A cache for these rows, because the values are needed on each key. */
const valuesIn = memoize((_rows: readonly JobRow[]) => new Map<FilterField, readonly FieldValue[]>());

type Count = Omit<FieldValue, 'folded'>;

function countValues(rows: readonly JobRow[], field: FilterField): Count[] {
  switch (field) {
    case 'tag':
      return counted(rows.flatMap(({ tags }) => [...new Set(tags)]));
    case 'host':
      return counted(rows.flatMap(({ hosts }) => hosts));
    case 'config':
      return counted(rows.flatMap(({ configName }) => configName ?? []));
    case 'id':
      return rows.map(({ id }) => ({ name: id, jobs: null }));
    case 'state':
      return [...withNone(JOB_STATES, counted(rows.map(({ state }) => state))), ...aliases(STATE_ALIASES)];
    case 'by':
      return [
        ...withNone(ACTORS, counted(rows.flatMap(({ updatedBy }) => updatedBy ?? []))),
        ...aliases(AUTHOR_ALIASES),
      ];
    default:
      return [];
  }
}

function counted(names: readonly string[]): Count[] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts]
    .map(([name, jobs]) => ({ name, jobs }))
    .sort((one, other) => other.jobs - one.jobs || (one.name < other.name ? -1 : 1));
}

/** All of `names` in their order, including those without jobs. */
function withNone(names: readonly string[], counts: readonly Count[]): Count[] {
  return names.map((name) => ({ name, jobs: counts.find((each) => each.name === name)?.jobs ?? 0 }));
}

function aliases(words: Readonly<Record<string, unknown>>): Count[] {
  return Object.keys(words).map((name) => ({ name, jobs: null }));
}
