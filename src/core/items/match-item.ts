import { foldText } from '../lib/fold-text.ts';
import { type ItemOperator, itemFilter } from '../runs/item-filter.ts';
import { fieldOf, isFilled, toText } from '../runs/item-values.ts';
import type { Item } from '../runs/run-files.ts';
import type { Comparison, ItemTerm } from './parse-item-filter.ts';

const OPERATORS: Readonly<Record<Comparison, ItemOperator>> = {
  '<': 'lt',
  '<=': 'le',
  '>': 'gt',
  '>=': 'ge',
  '=': 'eq',
};

/**
 * Returns a function that tells whether an item meets all terms. Values are compared as `list_items` compares them: a
 * text that can only be a number (`£51.77`) is one.
 */
export function matchItem(terms: readonly ItemTerm[]): (item: Item) => boolean {
  const tests = terms.map((term) => {
    const test = toTest(term);
    return term.negated ? (item: Item) => !test(item) : test;
  });
  return (item) => tests.every((test) => test(item));
}

function toTest(term: ItemTerm): (item: Item) => boolean {
  switch (term.kind) {
    case 'text':
      return (item) => Object.values(item).some((value) => isFilled(value) && contains(value, term.text));
    case 'none':
      return (item) => !isFilled(fieldOf(item, term.field));
    case 'contains':
      return (item) => {
        const value = fieldOf(item, term.field);
        return (Array.isArray(value) ? value : [value]).some(
          (one) =>
            isFilled(one) &&
            term.texts.some(({ text, whole }) =>
              whole ? foldText(toText(one)) === text : contains(one, text),
            ),
        );
      };
    case 'compare':
      return itemFilter([{ field: term.field, op: OPERATORS[term.is], value: term.value }]);
    default:
      return term satisfies never;
  }
}

function contains(value: unknown, text: string): boolean {
  return foldText(toText(value)).includes(text);
}
