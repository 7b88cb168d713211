import type { Page } from '../lib/page.ts';
import { isDataSelector } from '../selectors/data-selector.ts';
import { select } from './select.ts';

/**
 * Says which names of elements a selector writes in another case than the page has them. Only XML distinguishes them:
 * feeds have `pubDate`, and no `pubdate`.
 * @returns undefined for other pages, and if that is not why it matches nothing
 */
export function describeNameCase(page: Page, selector: string): string | undefined {
  if (!page.isXml || isDataSelector(selector)) return undefined;
  const names = new Set(select(page, '*').map(({ name }) => name.replace(/^.*:/, '')));
  const byCase = new Map([...names].map((name) => [name.toLowerCase(), name]));
  // Neither what quotes and brackets hold, nor names of classes, ids and attributes.
  const bare = selector
    .replace(/^\s*xpath:/i, '')
    .replaceAll(/"[^"]*"|'[^']*'|[.#@:]+[\w-]+\(?|\[[^\]]*\]/g, ' ');
  const meant = (bare.match(/[A-Za-z_][\w-]*/g) ?? []).flatMap((name) => {
    const other = byCase.get(name.toLowerCase());
    return other === undefined || names.has(name) ? [] : [`${other} (not ${name})`];
  });
  return meant.length === 0
    ? undefined
    : `names of XML are case-sensitive, and the page has ${meant.join(', ')}`;
}
