import { foldText } from '../lib/fold-text.ts';
import { fieldOf, isFilled, toNumber, toText } from './item-values.ts';
import type { Item } from './run-files.ts';

/** The comparisons of a condition, as written in `where`. */
export const ITEM_OPERATORS = ['eq', 'ne', 'lt', 'le', 'gt', 'ge', 'contains', 'empty', 'filled'] as const;
export type ItemOperator = (typeof ITEM_OPERATORS)[number];

/** A condition on one field of an item. */
export interface ItemCondition {
  field: string;
  op: ItemOperator;
  /** Needed by all operators but `empty` and `filled`. */
  value?: string | number | boolean | undefined;
}

/** Whether an operator compares with a value. */
export function needsValue(op: ItemOperator): boolean {
  return op !== 'empty' && op !== 'filled';
}

/**
 * Returns a function that tells whether an item meets all conditions. Numbers are compared as numbers, also those in
 * texts (`£51.77`); other texts by their characters. `contains` ignores case. A list meets a condition when one of its
 * entries does; `ne` is the opposite of `eq`.
 */
export function itemFilter(conditions: readonly ItemCondition[]): (item: Item) => boolean {
  const tests = conditions.map((condition) => ({ field: condition.field, test: valueTest(condition) }));
  return (item) => tests.every(({ field, test }) => test(fieldOf(item, field)));
}

function valueTest({ op, value }: ItemCondition): (value: unknown) => boolean {
  if (op === 'empty') return (found) => !isFilled(found);
  if (op === 'filled') return isFilled;
  const text = toText(value);
  if (op === 'ne') {
    const isEqual = comparison('eq', text);
    return (found) => !anyEntry(found, isEqual);
  }
  const test = op === 'contains' ? containment(text) : comparison(op, text);
  return (found) => anyEntry(found, test);
}

function anyEntry(value: unknown, test: (value: unknown) => boolean): boolean {
  return Array.isArray(value) ? value.some(test) : test(value);
}

function containment(text: string): (value: unknown) => boolean {
  const wanted = foldText(text);
  return (value) => isFilled(value) && foldText(toText(value)).includes(wanted);
}

type Comparison = 'eq' | 'lt' | 'le' | 'gt' | 'ge';

const ORDERS: Record<Comparison, (order: number) => boolean> = {
  eq: (order) => order === 0,
  lt: (order) => order < 0,
  le: (order) => order <= 0,
  gt: (order) => order > 0,
  ge: (order) => order >= 0,
};

function comparison(op: Comparison, text: string): (value: unknown) => boolean {
  const fits = ORDERS[op];
  const number = toNumber(text);
  return (value) => {
    if (op === 'eq' && toText(value) === text) return true;
    if (!isFilled(value)) return false;
    const found = toNumber(value);
    // A number and a text have no order.
    if ((found === undefined) !== (number === undefined)) return false;
    if (found !== undefined && number !== undefined) return fits(Math.sign(found - number));
    const other = toText(value);
    return fits(Number(other > text) - Number(other < text));
  };
}
