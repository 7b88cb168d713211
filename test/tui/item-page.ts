import type { Item, ItemPage } from '../../src/tui/features/items/model.ts';

/** A page as it is read, by default all items of a run. */
export function itemPage(items: readonly Item[], given: Partial<ItemPage> = {}): ItemPage {
  const { first = 0 } = given;
  const total = first + items.length;
  const numbers = items.map((_, index) => first + index);
  return { first, items, numbers, total, all: total, asks: 0, ...given };
}
