import type { CheerioAPI } from 'cheerio';
import { canParseUrl } from '../../core/lib/can-parse-url.ts';
import type { Page, PageElement } from '../lib/page.ts';
import { ScrapeError } from '../lib/scrape-error.ts';
import { getOriginalAttribute, getOriginalText, getOriginalUrl } from './conceal-page.ts';
import { type DataMatch, isDataMatch } from './data-match.ts';
import { getText, isTextMatch, type Match, select } from './select.ts';

/** Attributes that contain one address (HTML standard). */
const URL_ATTRIBUTES: ReadonlySet<string> = new Set([
  'href',
  'src',
  'action',
  'formaction',
  'poster',
  'cite',
]);

/** Whether an attribute contains an address, which is made absolute unless a field says otherwise. */
export function isUrlAttribute(attribute: string): boolean {
  return URL_ATTRIBUTES.has(attribute.toLowerCase());
}

/** Makes a relative address absolute. Returns absolute addresses, and texts that are no addresses, unchanged. */
export function toAbsoluteUrl(page: Page, text: string): string {
  return createUrlResolver(page)(text);
}

/** Returns {@link toAbsoluteUrl} for many addresses of a page. */
export function createUrlResolver(page: Page): (text: string) => string {
  let host: string | undefined;
  return (text) => {
    const address = text.trim();
    if (isPlainPath(address)) {
      host ??= PLAIN_HOST.exec(getBaseUrl(page))?.[0] ?? '';
      if (host !== '') return host + address;
    }
    if (address === '' || /^[a-z][a-z0-9+.-]*:/i.test(address)) return text;
    const base = getBaseUrl(page);
    if (!canParseUrl(address, base)) return text;
    const { href } = new URL(address, base);
    return getOriginalUrl(page) === page.url ? href : replaceReferences(href);
  };
}

const PLAIN_HOST = /^https?:\/\/[a-z\d.:-]+(?=[/?#]|$)/;
/** A path that `URL` would only put after the host. Large pages have thousands of them. */
const PLAIN_PATH = /^\/(?!\/)[\w\-./~!$&()*+,;=:@?]*$/;

function isPlainPath(address: string): boolean {
  return PLAIN_PATH.test(address) && !address.includes('/.');
}

/** `URL` encodes `${NAME}` in a path as `$%7BNAME%7D`; this undoes it. */
function replaceReferences(address: string): string {
  return address.replaceAll(/\$%7B(\w+)%7D/g, (_, name: string) => `\${${name}}`);
}

const bases = new WeakMap<CheerioAPI, string>();

/** Returns the base of relative links (HTML standard 4.2.3). */
function getBaseUrl(page: Page): string {
  const known = bases.get(page.$);
  if (known !== undefined) return known;
  const href = select(page, 'base[href]')[0]?.attribs['href'];
  const base = href !== undefined && canParseUrl(href, page.url) ? new URL(href, page.url).href : page.url;
  bases.set(page.$, base);
  return base;
}

/** Returns the base of relative links as the site wrote it. */
export function getOriginalBaseUrl(page: Page): string {
  const url = getOriginalUrl(page);
  if (url === page.url) return getBaseUrl(page);
  const [element] = select(page, 'base[href]');
  const href = element && getOriginalAttribute(page, element, 'href');
  return href !== undefined && canParseUrl(href, url) ? new URL(href, url).href : url;
}

/** The target of a link, or why it leads to no page. */
type Link = { url: string; element: PageElement | null } | { none: string };

/**
 * Reads a link: the match itself, the first link inside it, or the address that an XPath returned. It is resolved
 * against `<base href>` and the page's own address, as the site wrote them. `#` and `javascript:` are not links.
 * @param selector the selector that matched, for the reason
 * @throws ScrapeError `config` if only written links are followed, and an expression computed an address that no link
 *   of the page has
 */
export function readLink(page: Page, found: Match | undefined, selector: string): Link {
  if (found === undefined) return { none: `"${selector}" matches nothing` };
  if (isDataMatch(found)) return readDataLink(page, found);
  const element = isTextMatch(found) ? found.element : findLinkElement(page, found);
  const shown = (
    isTextMatch(found) ? found.text : (element?.attribs['href'] ?? readTextLink(page, found))
  )?.trim();
  if (shown === undefined) return { none: `"${selector}" contains no link` };
  if (shown === '' || shown.startsWith('#')) return { none: `the link leads nowhere (href="${shown}")` };
  const written =
    getOriginalHref(page, found, element) ??
    (page.writtenLinksOnly ? getOriginalHrefs(page).get(shown) : undefined);
  if (written === undefined && page.writtenLinksOnly) throw computedAddressError(selector);
  const href = written ?? shown;
  const base = getOriginalBaseUrl(page);
  if (!canParseUrl(href, base)) return { none: `the link is not an address (href="${shown.slice(0, 100)}")` };
  const url = new URL(href, base);
  return url.protocol === 'http:' || url.protocol === 'https:'
    ? { url: url.href, element }
    : { none: `the link does not lead to a page (href="${shown.slice(0, 100)}")` };
}

/** Data that name an address lead there, as a link does. */
function readDataLink(page: Page, { value }: DataMatch): Link {
  if (value === null || value === '' || value === false) return { none: 'the data name no address' };
  const href = typeof value === 'string' ? getOriginalText(page, value).trim() : undefined;
  const base = getOriginalBaseUrl(page);
  if (href === undefined || !canParseUrl(href, base))
    return { none: `the data name no address, but ${JSON.stringify(value).slice(0, 100)}` };
  const url = new URL(href, base);
  return url.protocol === 'http:' || url.protocol === 'https:'
    ? { url: url.href, element: null }
    : { none: `the data name no page, but ${href.slice(0, 100)}` };
}

/** Reads `<link>https://…</link>`, as in RSS. */
function readTextLink(page: Page, element: PageElement): string | undefined {
  return page.isXml ? getText(element) : undefined;
}

/** Returns undefined for a computed address, which has no original. */
function getOriginalHref(page: Page, found: Match, element: PageElement | null): string | undefined {
  const attribute = isTextMatch(found) ? found.attribute : 'href';
  return element === null || attribute === undefined
    ? undefined
    : getOriginalAttribute(page, element, attribute)?.trim();
}

const hrefs = new WeakMap<CheerioAPI, ReadonlyMap<string, string>>();

/** Maps links as selectors see them to links as the site wrote them: `string(a/@href)` returns the former. */
function getOriginalHrefs(page: Page): ReadonlyMap<string, string> {
  const known = hrefs.get(page.$);
  if (known !== undefined) return known;
  const found = select(page, '[href]').map((element): [string, string] => [
    (element.attribs['href'] ?? '').trim(),
    (getOriginalAttribute(page, element, 'href') ?? '').trim(),
  ]);
  // If several links look the same, the first one counts, as with several matches.
  const made = new Map(found.reverse());
  hrefs.set(page.$, made);
  return made;
}

/** Headers and cookies of a request are meant only for pages that the site itself links to. */
function computedAddressError(selector: string): ScrapeError {
  return new ScrapeError(
    'config',
    `"${selector}" computes an address, but a configuration that a program saved, with variables, follows only links that the page contains`,
    {
      hint: 'Select the link itself, such as a.more or xpath://a/@href, or ask the person to edit and save the configuration.',
    },
  );
}

function findLinkElement(page: Page, element: PageElement): PageElement | null {
  return Object.hasOwn(element.attribs, 'href') ? element : (select(page, 'a[href]', element)[0] ?? null);
}
