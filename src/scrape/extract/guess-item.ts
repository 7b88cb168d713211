import type { Page, PageElement } from '../lib/page.ts';
import { countMatches, isElement } from './select.ts';

/** A selector for the elements that seem to hold one row each, to be suggested as `item`. */
export function guessItem(page: Page, rows: readonly PageElement[]): string | undefined {
  const [first] = rows;
  if (first === undefined) return undefined;
  const own = describeElement(first, rows);
  const parents = rows.map(({ parent }) => parent).filter(isElement);
  const [parent] = parents;
  const candidates = [own, ...(parent === undefined ? [] : [`${describeElement(parent, parents)} > ${own}`])];
  // A few more than the rows: the ones whose field is missing.
  const fits = (selector: string) => countMatches(page, selector) <= rows.length * 1.2;
  return candidates.find(fits) ?? own;
}

/** Tag and classes that all have in common. */
function describeElement(element: PageElement, all: readonly PageElement[]): string {
  const classes = getClasses(element).filter((name) =>
    all.every((other) => getClasses(other).includes(name)),
  );
  return [element.name, ...classes.slice(0, 3)].join('.');
}

function getClasses(element: PageElement): string[] {
  return (element.attribs['class'] ?? '').split(/\s+/).filter((name) => /^[A-Za-z_][\w-]*$/.test(name));
}
