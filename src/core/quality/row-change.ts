import { formatRowValue } from '../lib/format-row-value.ts';
import { sanitizeText } from '../lib/sanitize-text.ts';
import { truncateUtf8 } from '../lib/truncate-values.ts';
import type { Item } from '../runs/run-files.ts';
import type { DifferenceKind } from './difference-page.ts';

/** A value of a row, as it is shown: long ones are cut. */
export interface ValueChange {
  field: string;
  before: string | null;
  after: string | null;
}

/** A row that was added, removed or changed, as a person reads it. */
export interface RowChange {
  kind: 'added' | 'removed' | 'changed';
  /** What tells the row from others: its key, else its first value; for an address its title, if it has one. */
  name: string;
  /** The address of the row's page, if it has one. */
  link: string | null;
  values: ValueChange[];
}

const MAX_FIELDS = 6;
const MAX_VALUE_BYTES = 120;
const LINK_FIELDS = ['url', 'link', 'href'];
/** They name a row for people whose key is an address. */
const NAME_FIELDS = ['title', 'name'];
const IS_ADDRESS = /^https?:\/\//;

/** A difference between two runs, as compare_runs and the core have it. */
interface ShownDifference {
  kind: DifferenceKind;
  key: unknown;
  before?: Item | undefined;
  after?: Item | undefined;
  fields?: string[] | undefined;
}

/**
 * Converts a difference for people: the fields that differ, or all of a row that is new or gone, at most six. Control
 * characters are replaced; the texts may contain what a page wanted to say.
 * @param keys the fields that tell rows apart; they name the row
 */
export function toRowChange(
  { kind, key, before, after, fields }: ShownDifference,
  keys: readonly string[],
): RowChange {
  const item = after ?? before ?? {};
  const names = fields ?? Object.keys(item).filter((name) => !keys.includes(name));
  const link = LINK_FIELDS.map((name) => item[name]).find((value) => typeof value === 'string');
  const values: ValueChange[] = names.slice(0, MAX_FIELDS).map((field) => ({
    field: shorten(field) ?? '',
    before: shorten(before?.[field]),
    after: shorten(after?.[field]),
  }));
  return {
    kind,
    name: shorten(nameOf(item, key)) ?? '',
    link: shorten(link),
    values,
  };
}

function nameOf(item: Item, key: unknown): unknown {
  const name = Array.isArray(key) ? key.join(', ') : (key ?? Object.values(item)[0]);
  if (typeof name !== 'string' || !IS_ADDRESS.test(name)) return name;
  return NAME_FIELDS.map((field) => item[field]).find((value) => typeof value === 'string') ?? name;
}

function shorten(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  return truncateUtf8(sanitizeText(formatRowValue(value)).replaceAll(/\s+/g, ' ').trim(), MAX_VALUE_BYTES);
}
