import type { Actor } from '../../model/definition.ts';
import type { JobDisplayState } from '../job-display-state.ts';

/** A range in a filter's text, as offsets in UTF-16 units. */
export interface TextRange {
  readonly from: number;
  readonly to: number;
}

/** A parsed filter. All terms must match. */
export interface Filter {
  readonly text: string;
  readonly terms: readonly Term[];
  /** The problems, in the order of the text. A part with a problem does not filter. */
  readonly problems: readonly FilterProblem[];
}

export interface FilterProblem extends TextRange {
  readonly text: string;
}

export type Term = TextRange & { readonly negated: boolean } & Condition;

export type Condition =
  /** Matches in the id, the configuration, the description or a tag; folded. */
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'state'; readonly states: readonly JobDisplayState[] }
  | { readonly kind: 'name'; readonly field: NameField; readonly values: readonly NameValue[] }
  | { readonly kind: 'by'; readonly authors: readonly Actor[] }
  | { readonly kind: 'amount'; readonly field: AmountField; readonly is: Comparison; readonly value: number }
  | { readonly kind: 'none'; readonly field: NameField | AmountField };

/** A part of a name, or the whole name when quoted; folded. */
export interface NameValue {
  readonly text: string;
  readonly whole: boolean;
}

export type Comparison = (typeof COMPARISONS)[number];
export const COMPARISONS = ['<=', '>=', '<', '>', '='] as const;

export type NameField = (typeof NAME_FIELDS)[number];
export const NAME_FIELDS = ['tag', 'host', 'config', 'id'] as const;

/** The time to the next run, the time since the last run ended, its duration, its items, their change … */
export type AmountField = (typeof AMOUNT_FIELDS)[number];
const AMOUNT_FIELDS = ['next', 'last', 'took', 'items', 'change', 'fails'] as const;

export function isAmount(field: string): field is AmountField {
  return (AMOUNT_FIELDS as readonly string[]).includes(field);
}

/** The amounts that are durations, in milliseconds. */
const TIME_FIELDS: readonly AmountField[] = ['next', 'last', 'took'];

export function isTimeField(field: AmountField): boolean {
  return TIME_FIELDS.includes(field);
}

export type FilterField = 'state' | 'by' | NameField | AmountField;

/** All fields, with their texts for the help and for completions. */
export const FILTER_FIELDS: readonly { name: FilterField; example: string; meaning: string }[] = [
  { name: 'state', example: 'state:failed,running', meaning: 'one of these states' },
  { name: 'tag', example: 'tag:price', meaning: 'a tag that contains this text; tag:none: no tags' },
  { name: 'host', example: 'host:shop.example', meaning: 'scrapes a host whose name contains this text' },
  { name: 'config', example: 'config:books', meaning: 'uses a configuration whose name contains this text' },
  { name: 'id', example: 'id:news', meaning: 'an id that contains this text' },
  { name: 'by', example: 'by:agent', meaning: 'last changed by: me, agent, hand, cli, mcp, rpc, library' },
  { name: 'next', example: 'next<1h', meaning: 'due within an hour; next:none is not due at all' },
  { name: 'last', example: 'last<10m', meaning: 'ended in the last ten minutes; last:none never ran' },
  { name: 'took', example: 'took>5m', meaning: 'its last run took longer than five minutes' },
  { name: 'items', example: 'items<5', meaning: 'its last run found fewer than five items' },
  { name: 'change', example: 'change<0', meaning: 'its last run found fewer items than the one before' },
  { name: 'fails', example: 'fails>2', meaning: 'failed more than twice in a row' },
];

export const NO_FILTER: Filter = { text: '', terms: [], problems: [] };

/** Whether the filter's result changes with time alone. */
export function dependsOnTime({ terms }: Filter): boolean {
  return terms.some((term) => term.kind === 'amount' && (term.field === 'next' || term.field === 'last'));
}
