import { canParseUrl } from '../../core/lib/can-parse-url.ts';
import { getOriginalAttribute, getOriginalUrl } from '../extract/conceal-page.ts';
import { getOriginalBaseUrl, toAbsoluteUrl } from '../extract/read-link.ts';
import { getAncestors, getText, select } from '../extract/select.ts';
import type { Page, PageElement } from '../lib/page.ts';
import { isDisabled } from './next-link.ts';
import type { SeenPages } from './pagination-context.ts';

/** Elements that may lead to a next page. */
const LINK_SELECTOR =
  'a, area, link[rel~="next"], button, [role="button"], input[type="button"], [data-next-url]';

/** Attributes in which scripts store an address. */
const URL_ATTRIBUTES = [
  'href',
  'data-url',
  'data-href',
  'data-next',
  'data-next-url',
  'data-link',
  'formaction',
];

const NAME_ATTRIBUTES = ['class', 'id', 'aria-label', 'title', 'data-testid', 'name'];

const NAMED_NEXT =
  /(?:^|[^a-z])next(?! (?:day|week|month|year|event|step|level|gen))(?:[^a-z]|$)|next ?page|(?:load|show) ?more/i;

/** Names of "more" buttons that load other things than rows. */
const OTHER_MORE = /filter|facet|review|rating|comment|description/i;

const NEXT =
  /^(?:next(?: page)?|older(?: posts)?|(?:load|show) more|weiter|nächste(?: seite)?|mehr (?:laden|anzeigen)|(?:page )?suivante?|voir plus|(?:página )?siguiente|avanti|(?:pagina )?successiv[oa]|volgende|próxim[ao](?: página)?|seguinte|następna(?: strona)?|dalej|další|nästa|neste|næste|seuraava|következő|sonraki|ileri|вперед|далее|дальше|следующая|επόμενη|次へ?|次のページ|下一[页頁]|다음)?\s*[›»→>]*$/iu;

/** Carousels of pictures and recommendations are not pages. */
const TURNED_OVER =
  /carousel|slide|swiper|slick|splide|glide|embla|flickity|owl-|tns-|gallery|lightbox|recommend|related|similar/i;

/** Parameters that count pages, and parameters that count rows. */
const COUNTS_PAGES = /^(?:page|p|pg|pn|pageno|page_?number|page_?no|paged|pagina|seite)$/i;

const COUNTS_ROWS = /^(?:offset|start|skip)$/i;

const COUNTED_PATH = /^(.*\/)(?:page|seite|pagina)[-/_]?(\d+)(?:\.\w+|\/)?$/i;

/**
 * Finds a further page that the last page of a sequence leads to, but that the configuration does not reach. It is a
 * link or button named as the next one, or a link whose number continues the page's own address.
 * @param before the address of the page before
 * @returns its address or its text; undefined if there is none
 */
export function findFurtherPage(
  page: Page,
  seen: Pick<SeenPages, 'has'>,
  before: string | undefined,
): string | undefined {
  const base = getOriginalBaseUrl(page);
  const own = new URL(getOriginalUrl(page));
  for (const element of select(page, LINK_SELECTOR)) {
    if (isDisabled(page, element)) continue;
    const found = getUrl(page, element, base);
    if (found === undefined) {
      if (element.name !== 'a' && element.name !== 'link' && isNext(element)) return getText(element).trim();
      continue;
    }
    const { url, shown } = found;
    if (url.origin !== own.origin || seen.has(url.href)) continue;
    if (isCountedNext(url, own, before) || isNext(element)) return shown;
  }
  return undefined;
}

/** The element's target, and a form of it for messages. */
function getUrl(page: Page, element: PageElement, base: string): { url: URL; shown: string } | undefined {
  for (const name of URL_ATTRIBUTES) {
    const text = getOriginalAttribute(page, element, name)?.trim() ?? '';
    if (text === '' || text.startsWith('#') || !canParseUrl(text, base)) continue;
    const url = new URL(text, base);
    if (url.protocol === 'http:' || url.protocol === 'https:')
      return {
        url,
        shown:
          getOriginalUrl(page) === page.url ? url.href : toAbsoluteUrl(page, element.attribs[name] ?? ''),
      };
  }
  return undefined;
}

function isNext(element: PageElement): boolean {
  const around = [element, ...getAncestors(element, 3)];
  if (around.some(({ attribs }) => TURNED_OVER.test(`${attribs['class']} ${attribs['id']}`))) return false;
  if (/(?:^|\s)next(?:\s|$)/i.test(element.attribs['rel'] ?? '')) return true;
  const text = getText(element).trim();
  if (text !== '' && NEXT.test(text)) return true;
  const names = around
    .slice(0, 2)
    .flatMap(({ attribs }) => NAME_ATTRIBUTES.map((name) => attribs[name] ?? ''));
  return names.some(isNextName) && ![text, ...names].some((name) => OTHER_MORE.test(name));
}

/** Splits `pager__next`, `nextPage` and `btn-next` into words. */
function isNextName(name: string): boolean {
  return NAMED_NEXT.test(name.replaceAll(/([a-z])([A-Z])/g, '$1 $2').replaceAll(/[-_]+/g, ' '));
}

/** Whether an address is that of a later page, by the numbers in it. */
function isCountedNext(url: URL, own: URL, before: string | undefined): boolean {
  const step = before === undefined ? undefined : getCountedNumber(before, own.href);
  if (step !== undefined) return getCountedNumber(own.href, url.href) === step;
  return url.pathname === own.pathname ? isNextParameter(url, own) : isNextPath(url, own);
}

/** The second page of a list usually differs from the first by a parameter that the first one lacks. */
function isNextParameter(url: URL, own: URL): boolean {
  const names = new Set([...url.searchParams.keys(), ...own.searchParams.keys()]);
  const different = [...names].filter((name) => url.searchParams.get(name) !== own.searchParams.get(name));
  const [name = ''] = different;
  const value = url.searchParams.get(name) ?? '';
  if (different.length !== 1 || !/^\d+$/.test(value)) return false;
  if (COUNTS_PAGES.test(name)) return Number(value) === Number(own.searchParams.get(name) ?? 1) + 1;
  return COUNTS_ROWS.test(name) && Number(value) > Number(own.searchParams.get(name) ?? 0);
}

function isNextPath(url: URL, own: URL): boolean {
  const [, folder, number] = COUNTED_PATH.exec(url.pathname) ?? [];
  if (folder === undefined || url.search !== own.search) return false;
  const [, ownFolder, ownNumber = 1] = COUNTED_PATH.exec(own.pathname) ?? [];
  const beside = ownFolder ?? own.pathname.slice(0, own.pathname.lastIndexOf('/') + 1);
  const isBeside = folder === beside || (ownFolder === undefined && folder === `${own.pathname}/`);
  return isBeside && Number(number) === Number(ownNumber) + 1;
}

/** The index of the number that has grown, if it is the only difference between two addresses; else undefined. */
function getCountedNumber(from: string, to: string): number | undefined {
  const [before, after] = [from, to].map((address) => address.split(/(\d+)/));
  if (before === undefined || before.length !== after?.length) return undefined;
  const different = before.flatMap((part, index) => (part === after[index] ? [] : [index]));
  const [at] = different;
  if (at === undefined || different.length > 1 || at % 2 === 0) return undefined;
  return Number(after[at]) > Number(before[at]) ? at : undefined;
}
