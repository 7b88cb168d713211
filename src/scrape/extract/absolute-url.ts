import type { CheerioAPI } from 'cheerio';
import type { Page } from '../lib/page.ts';
import { getOriginalAttribute, getOriginalUrl } from './conceal-page.ts';

import { select } from './select.ts';

/** Attributes that hold one address (HTML standard). */
const URL_ATTRIBUTES: ReadonlySet<string> = new Set([
  'href',
  'src',
  'action',
  'formaction',
  'poster',
  'cite',
]);

/** Whether an attribute holds an address, which is made whole unless a field says otherwise. */
export function isUrlAttribute(attribute: string): boolean {
  return URL_ATTRIBUTES.has(attribute.toLowerCase());
}

/** The whole address of a relative one. What is whole already, or no address at all, stays as it is. */
export function toAbsoluteUrl(page: Page, text: string): string {
  const address = text.trim();
  if (address === '' || /^[a-z][a-z0-9+.-]*:/i.test(address)) return text;
  const base = getBaseUrl(page);
  if (!URL.canParse(address, base)) return text;
  const { href } = new URL(address, base);
  return getOriginalUrl(page) === page.url ? href : replaceReferences(href);
}

/** In a path `${NAME}` comes out as `$%7BNAME%7D`. */
function replaceReferences(address: string): string {
  return address.replaceAll(/\$%7B(\w+)%7D/g, (_, name: string) => `\${${name}}`);
}

const bases = new WeakMap<CheerioAPI, string>();

/** What relative links count from (HTML standard 4.2.3). */
export function getBaseUrl(page: Page): string {
  const known = bases.get(page.$);
  if (known !== undefined) return known;
  const href = select(page, 'base[href]')[0]?.attribs['href'];
  const base = href !== undefined && URL.canParse(href, page.url) ? new URL(href, page.url).href : page.url;
  bases.set(page.$, base);
  return base;
}

/** What the site has them count from. */
export function getOriginalBaseUrl(page: Page): string {
  const url = getOriginalUrl(page);
  if (url === page.url) return getBaseUrl(page);
  const [element] = select(page, 'base[href]');
  const href = element && getOriginalAttribute(page, element, 'href');
  return href !== undefined && URL.canParse(href, url) ? new URL(href, url).href : url;
}
