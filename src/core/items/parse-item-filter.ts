import { type FilterProblem, COMPARISONS as OPERATORS, type TextRange } from '../jobs/filter/filter-terms.ts';
import { type Token, tokenizeFilter } from '../jobs/filter/parse-filter.ts';
import { closestNames } from '../lib/closest-names.ts';
import { foldText } from '../lib/fold-text.ts';

/** A filter of items in the language of the jobs' filter, with the items' own fields: `price>20 title:lantern !stock:none`. */
export interface ItemFilter {
  readonly text: string;
  /** All of them must match. */
  readonly terms: readonly ItemTerm[];
  /** In the order of the text. A part with a problem does not filter. */
  readonly problems: readonly FilterProblem[];
  /** The fields of terms that no known item has. They filter as they are typed. */
  readonly assumed: readonly string[];
}

/** One condition: on any field, or on one. Texts are folded ({@link foldText}). */
export type ItemTerm = { readonly negated: boolean } & (
  | { readonly kind: 'text'; readonly text: string }
  /** One of the texts is in the value; a quoted one is the whole value. */
  | {
      readonly kind: 'contains';
      readonly field: string;
      readonly texts: readonly { readonly text: string; readonly whole: boolean }[];
    }
  | { readonly kind: 'compare'; readonly field: string; readonly is: Comparison; readonly value: string }
  | { readonly kind: 'none'; readonly field: string }
);

export type Comparison = (typeof OPERATORS)[number];

export const NO_ITEM_FILTER: ItemFilter = { text: '', terms: [], problems: [], assumed: [] };

/** A field of items may be named in any letters; a quoted text is free text. */
const FIELD = /^([^\s:<>="!]+)(:|<=|>=|<|>|=)/;

/**
 * Parses a filter of items. It rejects nothing: unparsable parts become problems, and the rest filters.
 * @param fields the fields that the items have; a name may be shortened, and capitals do not matter, if it stays clear
 * @param mayHaveMore items that were not read yet may have further fields, so that another name is no problem
 */
export function parseItemFilter(
  text: string,
  fields: readonly string[],
  { mayHaveMore = false }: { mayHaveMore?: boolean } = {},
): ItemFilter {
  const terms: ItemTerm[] = [];
  const problems: FilterProblem[] = [];
  const assumed = new Set<string>();
  for (const token of tokenizeFilter(text, FIELD)) {
    const { field: typed } = token;
    const isAssumed = mayHaveMore && typed !== undefined && fieldsNamed(typed, fields).length === 0;
    const read = readTerm(token, isAssumed ? [typed] : fields);
    if ('problem' in read) problems.push({ ...(read.at ?? token), text: read.problem });
    else if (read.term !== undefined) {
      terms.push(read.term);
      if (isAssumed) assumed.add(typed);
    }
  }
  return { text, terms, problems, assumed: [...assumed] };
}

type TermResult = { term: ItemTerm | undefined } | { problem: string; at?: TextRange };

function readTerm({ negated, field: typed, operator, parts }: Token, fields: readonly string[]): TermResult {
  const open = parts.find((part) => part.open);
  if (open !== undefined) return { problem: 'the quote is not closed', at: open };
  const [first] = parts;
  const value = first?.text ?? '';
  if (typed === undefined) {
    const text = foldText(value);
    if (text !== '') return { term: { kind: 'text', negated, text } };
    return negated ? { problem: 'not what? A word or a field has to follow !' } : { term: undefined };
  }
  const [field, ...others] = fieldsNamed(typed, fields);
  if (field === undefined || others.length > 0) return { problem: describeUnknown(typed, fields) };
  if (value === '') return { problem: `${field}${operator} what? ${exampleOf(field)}` };
  if (operator === ':') {
    if (parts.length === 1 && !first?.quoted && value.toLowerCase() === 'none')
      return { term: { kind: 'none', negated, field } };
    const texts = parts.map((part) => ({ text: foldText(part.text), whole: part.quoted }));
    return { term: { kind: 'contains', negated, field, texts } };
  }
  if (parts.length > 1) return { problem: `${field}${operator} takes one value: ${exampleOf(field)}` };
  const doubled = first?.quoted ? undefined : /^[<>=]+/.exec(value)?.[0];
  if (doubled !== undefined) return { problem: describeDoubled(field, operator, value, doubled) };
  const is = OPERATORS.find((one) => one === operator) ?? '=';
  return { term: { kind: 'compare', negated, field, is, value } };
}

/** The fields that a typed name can mean: one, if it is clear. */
function fieldsNamed(typed: string, fields: readonly string[]): readonly string[] {
  if (fields.includes(typed)) return [typed];
  const folded = typed.toLowerCase();
  const equal = fields.filter((field) => field.toLowerCase() === folded);
  return equal.length === 1 ? equal : fields.filter((field) => field.toLowerCase().startsWith(folded));
}

function describeUnknown(typed: string, fields: readonly string[]): string {
  const begun = fields.filter((field) => field.toLowerCase().startsWith(typed.toLowerCase()));
  if (begun.length > 1) return `which field? ${begun.join(', ')}`;
  const [closest] = closestNames(typed, [...fields]);
  return `there is no field ${typed}. ${closest === undefined ? `Fields: ${fields.join(', ')}` : `Did you mean ${closest}?`}`;
}

/** `price>>50`: what follows the comparison is not a value. */
function describeDoubled(field: string, operator: string, value: string, doubled: string): string {
  const rest = value.slice(doubled.length);
  const meant = OPERATORS.find((one) => one === `${doubled}${operator}`) ?? operator;
  return `${operator}${doubled} is no comparison: write ${field}${meant}${rest || '20'}, or the value in quotes`;
}

function exampleOf(field: string): string {
  return `${field}>20, ${field}:word or ${field}:none`;
}
