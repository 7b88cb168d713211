/** The rules on the values of a field, in the order in which they are checked and shown. */
export const VALUE_RULES = [
  'type',
  'min',
  'max',
  'one_of',
  'pattern',
  'unique',
  'max_unread_percent',
] as const;
export type ValueRule = (typeof VALUE_RULES)[number];

/** What a value can be required to be. The first ones are also types as which a text is read. */
export const VALUE_KINDS = ['number', 'integer', 'boolean', 'date', 'price', 'url', 'text'] as const;
export type ValueKind = (typeof VALUE_KINDS)[number];

/** The rules on the values of one field: an entry of `expect.fields` in a configuration. */
export interface FieldRules {
  type?: ValueKind | undefined;
  /** A number, or a date as `2026-11-25`, with or without a time. */
  min?: number | string | undefined;
  max?: number | string | undefined;
  one_of?: (string | number | boolean)[] | undefined;
  /** Found anywhere in the value (RE2). */
  pattern?: string | undefined;
  unique?: boolean | undefined;
  /** In how many of 100 values the text may be unreadable as the field's type, or by its regex. */
  max_unread_percent?: number | undefined;
  /** In how many of 100 rows each of these rules may be broken. */
  max_broken_percent?: number | undefined;
}

/** What becomes of rows that break a rule, in a run that succeeds. */
export const BROKEN_ROWS = ['keep', 'drop'] as const;

/** The keys of `expect` that only a configuration has. */
export interface ValueExpectations {
  fields?: Record<string, FieldRules> | undefined;
  /** For fields without a limit of their own. */
  max_broken_percent?: number | undefined;
  broken_rows?: (typeof BROKEN_ROWS)[number] | undefined;
}

/** The keys of {@link ValueExpectations}. */
export const VALUE_KEYS = [
  'fields',
  'max_broken_percent',
  'broken_rows',
] as const satisfies readonly (keyof ValueExpectations)[];

/** The most rows that a run keeps because they break a rule. */
export const MAX_BROKEN_ROWS = 1_000;
/** Fields of a kept row: its number in the run, from 1, and the rules that it breaks. */
export const BROKEN_ROW_FIELD = '_row';
export const BROKEN_RULES_FIELD = '_broken';
