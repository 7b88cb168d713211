import type { CheerioAPI } from 'cheerio';
import type { Element } from 'domhandler';
import type { Page, PageElement, PageNode, PageRoot } from '../lib/page.ts';

import { getElement, type Match } from './match.ts';

/** Pages whose `<noscript>` holds elements: where no script runs. */
const parsedPages = new WeakSet<CheerioAPI>();

/** Where `<noscript>` stands in a page, its head aside: there browsers without scripts would end the head with it. */
export function isNoscriptInBody(element: Element): boolean {
  for (let node = element.parent; node !== null; node = node.parent)
    if ('name' in node && (node.name === 'head' || node.name === 'template')) return false;
  return true;
}

/** Notes that `<noscript>` of a page holds elements. */
export function markNoscriptParsed($: CheerioAPI): void {
  parsedPages.add($);
}

/**
 * What a selector found, without what stands in `<noscript>` if it found anything else: pages repeat there the pictures that
 * their scripts load later, and nobody means both.
 */
export function preferOutsideNoscript<T extends Match>(page: Pick<Page, '$'>, found: T[]): T[] {
  if (!parsedPages.has(page.$) || found.length === 0) return found;
  const shown = found.filter((one) => !isInNoscript(getElement(one)));
  return shown.length === 0 ? found : shown;
}

function isInNoscript(element: PageElement | null): boolean {
  let node: PageNode | PageRoot | null = element?.parent ?? null;
  while (node !== null && !('name' in node && node.name === 'noscript')) node = node.parent;
  return node !== null;
}
