import type { PageElement } from '../lib/page.ts';
import { getClasses, getCommonClasses, isDescriptive } from './dom-helpers.ts';

/** Words that say how something looks or that it is there, and not what it is. */
const GENERIC =
  /^(?:reference|internal|external|links?|anchor|inner|outer|items?|entry|value|val|label|texts?|txt|primary|secondary|muted|normal|bold|strong|light|dark|meta|infos?|data|fields?|first|last|line|cell|box|block|content|body|copy|wrap|holder|area|part|section|main|top|bottom|center|full|font|color|size|badge|visible|hidden|only|sr|js|fn|url|lead|on|to|in|of|and|the|by|number|card|view|row|odd|even|clearfix|wrapper|container|buttons?|btn|img|tooltip|black|white|red|blue|green|gr[ae]y|orange|yellow)$/;
/** Looks of utility classes: `font-bold`, `rounded-lg`, `text-sm`. */
const UTILITY =
  /^(?:font|text|leading|tracking|rounded|border|shadow|items|justify|gap|space|bg|color|fg|fw|fs|ring|opacity|overflow|cursor|transition|whitespace|align|float|truncate|uppercase|italic|underline|btn|wp|fa|icon|glyphicon)(?:[-_]|$)/;

/** Converts a text to a field name: `Book-Author` to `book_author`, `Цена, руб.` to `цена_руб`. */
export function toPlainName(text: string): string {
  return text
    .replaceAll(/(\p{Ll})(\p{Lu})/gu, '$1_$2')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '_')
    .replaceAll(/^_+|_+$/g, '')
    .slice(0, 30)
    .replace(/_+$/, '');
}

/** Returns the words of all classes of a row: what the names of its parts begin with. */
export function getBlockTokens(rows: readonly PageElement[]): ReadonlySet<string> {
  return new Set(rows.slice(0, 1).flatMap(getClasses).map(stripHash).flatMap(splitName));
}

/**
 * Returns the first name that the shared classes of elements suggest, without the name of the block around it:
 * `job-card__company` is the company.
 */
export function findClassName(
  elements: readonly PageElement[],
  blockTokens: ReadonlySet<string>,
): string | undefined {
  for (const name of getCommonClasses(elements).map(stripHash)) {
    if (!isDescriptive(name) || UTILITY.test(name)) continue;
    const words = splitName(name.replace(/^.*[a-z0-9]__(?=[a-z])/i, '').replace(/--.*$/, ''));
    while (words.length > 1 && blockTokens.has(words[0] ?? '')) words.shift();
    const own = words.join('_');
    if (words.every((word) => GENERIC.test(word)) || own.length < 3) continue;
    return toPlainName(own);
  }
  return undefined;
}

/** CSS modules: `ProductCard_seller__Ab3De` is `ProductCard_seller`. */
export function stripHash(name: string): string {
  return name.replace(/__(?=[\w-]*(?:\d|[A-Z]))[\w-]{5}$/, '');
}

function splitName(name: string): string[] {
  return toPlainName(name)
    .split('_')
    .filter((word) => word !== '');
}
