import { select } from '../extract/select.ts';
import type { Page } from '../lib/page.ts';
import type { Mark, MarkIndex } from './element-marks.ts';
import { type FieldSearch, findCandidates, type SelectorCandidate } from './example-fields.ts';
import { createItems, type ExampleRows, findExampleRows } from './example-rows.ts';
import { type Example, findExamples } from './find-examples.ts';
import { NearestTexts } from './nearest-texts.ts';
import { getSearched, type SearchedText } from './per-page.ts';

/** What was found for one example. */
export interface FoundField {
  name: string;
  /** The best first, at most three; none if the example is not on the page, or not in the rows. */
  candidates: SelectorCandidate[];
  /** How many elements of the page hold the example. */
  hits: number;
  /** Whether the candidates are selectors of the whole page, because the example lies outside of the rows. */
  isOutsideRows: boolean;
  /** If no element holds it: the texts of the page that are nearest to it, at most three. */
  nearest: string[];
}

/** Selectors that find examples on a page. */
export interface FoundSelectors {
  /** The repeated block that holds the examples; null if they lie in none, and the page is one row. */
  item: { selector: string; count: number; why: string; holdsOn: { pages: number; of: number } } | null;
  /** In the order of the examples. */
  fields: FoundField[];
}

/**
 * Finds the selectors of a page that hit examples: in their text, in an attribute, or as the same number, price or date
 * in another writing. If the examples lie in a repeated block, the block is the item, and the selectors are relative to
 * it. Candidates are ranked by how they hold in the other rows and on earlier pages, and by what they rely on.
 *
 * Pure: it takes parsed pages and fetches nothing. To find which elements now hold the values of an earlier run, give
 * some fields of one of its items as examples, and the pages that its selectors worked on as `earlierPages`.
 * @param options `isOneRow`: the page is one row, such as a detail page; `searched`: the part of the page in which to
 *   search, default: all of it; `withNearest: false`: nothing is said of texts that are near to an example
 */
export function findSelectors(
  page: Page,
  examples: readonly Example[],
  {
    earlierPages = [],
    isOneRow = false,
    searched = getSearched(page),
    withNearest = true,
  }: {
    earlierPages?: readonly Page[];
    isOneRow?: boolean;
    searched?: SearchedText;
    withNearest?: boolean;
  } = {},
): FoundSelectors {
  const { text, index } = searched;
  const hits = findExamples(page, text, examples);
  const found = isOneRow ? undefined : findExampleRows(page, text, index, hits);
  const rows = found && { ...found, item: chooseItem(page, index, found, earlierPages) };
  const search: FieldSearch = { page, text, index, rows, earlierPages };
  let nearest: NearestTexts | undefined;
  const fields = examples.map((example, at): FoundField => {
    const own = hits[at] ?? [];
    const inRows = findCandidates(search, example, own);
    const isOutsideRows = rows !== undefined && inRows.length === 0 && own.length > 0;
    const candidates = isOutsideRows ? findCandidates({ ...search, rows: undefined }, example, own) : inRows;
    if (own.length === 0 && withNearest) nearest ??= new NearestTexts(text);
    return {
      name: example.name,
      candidates,
      hits: own.length,
      isOutsideRows,
      nearest: own.length === 0 ? (nearest?.find(example.value) ?? []) : [],
    };
  });
  return { item: rows === undefined ? null : describeItem(rows, earlierPages), fields };
}

/** Of the selectors that match the same rows: the one that has rows on more earlier pages. */
function chooseItem(
  page: Page,
  index: MarkIndex,
  { item, rows, anchor }: ExampleRows,
  earlierPages: readonly Page[],
): Mark {
  if (earlierPages.length === 0) return item;
  const same = createItems(anchor, page.isXml).filter((mark) => {
    const found = index.select(mark);
    return found.length === rows.length && found[0] === rows[0] && found.at(-1) === rows.at(-1);
  });
  const worth = (mark: Mark) => 2 * countHolding(mark.css, earlierPages) + 0.4 * mark.stability;
  return same.reduce((best, mark) => (worth(mark) > worth(best) ? mark : best), item);
}

function countHolding(selector: string, pages: readonly Page[]): number {
  return pages.filter((page) => select(page, selector).length > 1).length;
}

function describeItem({ item, rows }: ExampleRows, earlierPages: readonly Page[]): FoundSelectors['item'] {
  return {
    selector: item.css,
    count: rows.length,
    why: item.why,
    holdsOn: { pages: countHolding(item.css, earlierPages), of: earlierPages.length },
  };
}
