import { select } from '../extract/select.ts';
import type { Page, PageElement } from '../lib/page.ts';
import type { Group, Tails } from './find-groups.ts';
import { findMainPart } from './main-part.ts';
import { createOutline } from './outline.ts';
import { PageAreas } from './page-areas.ts';
import { rankGroups } from './rank-groups.ts';
import { removeStrays } from './remove-strays.ts';
import { findRowSelector } from './row-selector.ts';

/** The elements of a page that seem to hold a row each, and a selector for them. */
export interface FoundRows {
  item: string;
  rows: readonly PageElement[];
  /** What follows each row's element and belongs to the row. */
  tails?: Tails;
}

/** Everything that repeats on a page and may be its rows, what is most likely meant first. */
export function findAllRows(page: Page, max = 1): FoundRows[] {
  const outline = createOutline(page);
  const areas = new PageAreas(outline);
  return rankGroups(outline, areas)
    .slice(0, max)
    .flatMap((group) => {
      const part = findMainPart(group, areas);
      const found = part && toFoundRows(page, part);
      // What no selector tells apart stays together; a person may want both lists.
      return found !== undefined && isExact(page, found)
        ? [found, toFoundRows(page, group)]
        : [toFoundRows(page, group)];
    })
    .slice(0, max);
}

/** Without what is no row, where a selector can tell it from the rows. */
function toFoundRows(page: Page, group: Group): FoundRows {
  const kept = removeStrays(group);
  if (kept !== undefined) {
    const rows = kept.rows.map(({ element }) => element);
    const held = new Set(rows);
    const strays = group.rows.flatMap(({ element }) => (held.has(element) ? [] : [element]));
    const found = { item: findRowSelector(page, rows, strays), rows };
    if (isExact(page, found)) return found;
  }
  const rows = group.rows.map(({ element }) => element);
  return { item: findRowSelector(page, rows), rows, ...(group.tails && { tails: group.tails }) };
}

function isExact(page: Page, { item, rows }: FoundRows): boolean {
  const found = new Set(select(page, item));
  return found.size === rows.length && rows.every((row) => found.has(row));
}
