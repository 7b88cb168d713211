import type { Page, PageElement } from '../lib/page.ts';
import { getAncestors, isElement } from './select.ts';

/** Libraries wrap at most this many elements around a row. */
const MAX_ANCESTORS = 4;
/** If fewer rows are missing, the list merely has a gap. */
const MIN_MISSING = 3;

/**
 * Returns a warning about a virtual list, which keeps only the rows in view on the page. It is detected by its declared
 * row count (`aria-setsize`, `aria-rowcount`), or by absolutely positioned rows in a box with room for far more.
 * @param rows elements of the rows, or within them, after scripts have run
 * @returns undefined if the list does not seem virtual
 */
export function describeVirtualList(page: Page, rows: readonly PageElement[]): string | undefined {
  const count = rows.length;
  const [first] = rows;
  if (first === undefined) return undefined;
  const total = Math.max(getDeclaredRowCount(first), countMissingByHeight(rows));
  if (total < count + MIN_MISSING || total < count * 1.5) return undefined;
  return (
    `${page.url}: its list seems to have ${total} rows, and ${count} are on the page: it renders only those in view. The others ` +
    'are missing. Look for a list with pages, or for a sitemap.'
  );
}

function getDeclaredRowCount(row: PageElement): number {
  const found = getPath(row).map(({ attribs }) =>
    Number(attribs['aria-setsize'] ?? attribs['aria-rowcount'] ?? 0),
  );
  return found.find((size) => Number.isInteger(size) && size > 0) ?? 0;
}

/** Returns how many rows fit into the box in which they are positioned. */
function countMissingByHeight(rows: readonly PageElement[]): number {
  const boxes = rows.map((row) => getPath(row).find((element) => getTop(element) !== undefined));
  const [first] = boxes;
  const parent = first?.parent;
  if (first === undefined || !isElement(parent ?? null) || boxes.some((box) => box?.parent !== parent))
    return 0;
  const places = boxes.map((box) => getTop(box as PageElement) ?? 0).sort((a, b) => a - b);
  const steps = places.slice(1).map((place, at) => place - (places[at] ?? 0));
  const step = Math.min(...steps.filter((size) => size > 0));
  const heights = getPath(parent as PageElement)
    .slice(0, 2)
    .map(getHeight);
  const height = Math.max(0, ...heights);
  return Number.isFinite(step) ? Math.round(height / step) : 0;
}

function getTop({ attribs }: PageElement): number | undefined {
  const style = attribs['style'] ?? '';
  const moved = /translate(?:Y\(|3d\([^,]*,\s*|\([^,]*,\s*)(-?[\d.]+)px/.exec(style)?.[1];
  const top = /position:\s*absolute/.test(style)
    ? /(?:^|[;\s])top:\s*(-?[\d.]+)px/.exec(style)?.[1]
    : undefined;
  const place = moved ?? top;
  return place === undefined ? undefined : Number(place);
}

function getHeight({ attribs }: PageElement): number {
  return Number(/(?:^|[;\s])(?:min-)?height:\s*([\d.]+)px/.exec(attribs['style'] ?? '')?.[1] ?? 0);
}

/** Returns the element and those around it, innermost first. */
function getPath(element: PageElement): PageElement[] {
  return [element, ...getAncestors(element, MAX_ANCESTORS)];
}
