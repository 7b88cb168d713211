import type { Page } from '../lib/page.ts';
import type { SelectorCandidate } from './example-fields.ts';
import { findExamples } from './find-examples.ts';
import { getFoldedText } from './per-page.ts';
import { createPlaceSelectors } from './place-selectors.ts';

const MAX_HITS = 4;
const MAX_CANDIDATES = 40;

/**
 * Finds selectors for a list of values on a page that is one row, the most stable first. Each matches the element that
 * holds the first value; whether it matches the others, and nothing else, is still to be checked.
 * @param first the first value, as the page says it
 */
export function findListSelectors(
  page: Page,
  first: string,
): Pick<SelectorCandidate, 'selector' | 'attribute'>[] {
  const [hits = []] = findExamples(page, getFoldedText(page), [{ name: 'first', value: first }]);
  return hits
    .toSorted((one, other) => other.quality - one.quality)
    .slice(0, MAX_HITS)
    .flatMap(({ element, attribute }) =>
      createPlaceSelectors(element, undefined, page.isXml).map((mark) => {
        return { selector: mark.css, attribute, stability: mark.stability };
      }),
    )
    .toSorted((one, other) => other.stability - one.stability)
    .slice(0, MAX_CANDIDATES);
}
