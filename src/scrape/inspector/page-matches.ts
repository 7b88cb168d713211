import type { SelectorPart } from '../../core/model/check.ts';
import { getSelectors, type NamedSelector } from '../config/config-fields.ts';
import type { ScrapeConfig } from '../config/config-schema.ts';
import { listFollows } from '../config/follow.ts';
import { ScrapeStats } from '../crawl/scrape-stats.ts';
import { collectSelectorMatches } from '../crawl/selector-matches.ts';
import { select } from '../extract/select.ts';
import type { Page, PageElement } from '../lib/page.ts';
import type { ExtractedPage } from '../pagination/pagination-context.ts';
import { isDataSelector, parseDataSelector } from '../selectors/data-selector.ts';
import type { NearestMiss } from '../suggest/near-names.ts';
import { findNearestDataMiss } from '../suggest/nearest-data-miss.ts';
import { findNearestMiss } from '../suggest/nearest-miss.ts';

/** Further pages are not listed. */
const MAX_LISTED_PAGES = 30;

/** A page that was read. */
export interface ListedPage {
  url: string;
  role: 'rows' | 'detail';
  /** Of a detail page that another one links to: its level of `follow`, from 2. */
  level?: number;
  /** Rows on it; 1 for a detail page. */
  items: number;
}

/** What one selector matched, and where. */
export interface SelectorOnPages {
  part: SelectorPart;
  field: string;
  selector: string;
  matched: number;
  pages: number;
  /** What it matched on each listed page of its role and level, in order; absent for a single page. */
  by_page?: number[];
  /** For a selector that matched nothing. */
  nearest?: NearestMiss;
}

type Rules = Pick<ScrapeConfig, 'selectors' | 'follow' | 'item' | 'pagination' | 'sitemap'>;
type Counts = Readonly<Record<string, number>>;
/** A page with the counts of its selectors. */
interface CountedPage extends Pick<ListedPage, 'url' | 'items'> {
  /** 0 for a page of rows; for a detail page its level of `follow`. */
  level: number;
  matches: Counts;
  found: Counts;
}

/** Counts of a test run that also remember what each selector matched on which page. */
export class TestStats extends ScrapeStats {
  readonly #pages: CountedPage[] = [];
  /** The first page of each level, in which the place of what is missing is looked for. */
  readonly #first = new Map<number, Page>();

  override addPage(extracted: ExtractedPage): string[] {
    const { page, rows, matches, found } = extracted;
    const { item, pagination } = found;
    const counts = { ...(item !== undefined && { item }), ...(pagination !== undefined && { pagination }) };
    this.#note(page, { level: 0, items: rows.length, matches, found: counts });
    return super.addPage(extracted);
  }

  override addDetail(
    extracted: Parameters<ScrapeStats['addDetail']>[0],
    fields: Parameters<ScrapeStats['addDetail']>[1],
    selectors: readonly NamedSelector[],
    level = 1,
  ): void {
    this.#note(extracted.page, { level, items: 1, matches: extracted.matches, found: {} });
    super.addDetail(extracted, fields, selectors, level);
  }

  #note(page: Page, listed: Omit<CountedPage, 'url'>): void {
    if (!this.#first.has(listed.level)) this.#first.set(listed.level, page);
    if (this.#pages.length < MAX_LISTED_PAGES) this.#pages.push({ url: page.url, ...listed });
  }

  listPages(): ListedPage[] {
    return this.#pages.map(({ url, level, items }) => {
      const role = level === 0 ? 'rows' : 'detail';
      return { url, role, ...(level > 1 && { level }), items };
    });
  }

  /** Lists what each selector of the configuration matched: on which pages, or how far it got. */
  listMatches(config: Rules): SelectorOnPages[] {
    const named = new Map(getSelectors(config).map((one) => [one.name, one]));
    return collectSelectorMatches(config, this).map((one) => {
      const { part, field } = one;
      const own = part === 'field' || part === 'follow' ? named.get(field) : undefined;
      const level = own?.level ?? 0;
      const pages = this.#pages.filter((page) => page.level === level);
      const counted = pages.map(
        ({ matches, found }) => (own === undefined ? found[part] : matches[field]) ?? 0,
      );
      const page = this.#first.get(level);
      const nearest =
        one.matched > 0 || page === undefined || part === 'sitemap'
          ? undefined
          : findMiss(page, one.selector, config, own);
      return {
        ...one,
        ...(pages.length > 1 && part !== 'sitemap' && { by_page: counted }),
        ...(nearest !== undefined && { nearest }),
      };
    });
  }
}

function findMiss(
  page: Page,
  selector: string,
  config: Rules,
  own: NamedSelector | undefined,
): NearestMiss | undefined {
  const data = parseDataSelector(selector);
  return data === undefined
    ? findNearestMiss(page, selector, findRoots(page, config, own))
    : findNearestDataMiss(page, data, listSelectorsAbove(config, own));
}

/** The selectors of the row and of the parents within which a field of data reads, outermost first. */
function listSelectorsAbove(config: Rules, own: NamedSelector | undefined): string[] {
  if (own === undefined) return [];
  const { item = '' } = config;
  let fields = getFieldsOf(config, own);
  const above = own.level === 0 && isDataSelector(item) ? [item] : [];
  for (const key of own.path.slice(0, -1)) {
    above.push(fields?.[key]?.selector ?? '');
    fields = fields?.[key]?.children;
  }
  return above;
}

/** The fields of the page to which a selector is applied. */
function getFieldsOf(config: Rules, { level }: NamedSelector): Rules['selectors'] | undefined {
  return level === 0 ? config.selectors : listFollows(config.follow)[level - 1]?.selectors;
}

/** The elements within which a selector should match; undefined for the whole page, also if there are none. */
function findRoots(page: Page, config: Rules, own: NamedSelector | undefined): PageElement[] | undefined {
  if (own === undefined) return undefined;
  const items = own.level > 0 || config.item === undefined ? [] : select(page, config.item);
  let fields = getFieldsOf(config, own);
  let roots = items;
  for (const key of own.path.slice(0, -1)) {
    const field = fields?.[key];
    if (field === undefined) break;
    roots =
      roots.length > 0
        ? roots.flatMap((root) => select(page, field.selector, root))
        : select(page, field.selector);
    fields = field.children;
  }
  return roots.length > 0 ? roots : undefined;
}
