import { SELECTOR_PATHS, type SelectorPart } from '../../core/model/selector-part.ts';
import { FOLLOW_LINK, getPageSelectors, getSelectors } from '../config/config-fields.ts';
import type { ScrapeConfig } from '../config/config-schema.ts';
import type { ScrapeStats } from './scrape-stats.ts';

/** One sentence for each selector that has matched nothing on any page; none for what lies within such a field. */
export function describeUnmatchedSelectors(
  config: Pick<ScrapeConfig, 'selectors' | 'follow'>,
  matches: Readonly<Record<string, number>>,
): string[] {
  return getSelectors(config)
    .filter(({ name, path }) => {
      const isWithin = path.slice(1).some((_, depth) => matches[path.slice(0, depth + 1).join('.')] === 0);
      return matches[name] === 0 && !isWithin;
    })
    .map(({ name, selector }) =>
      name === FOLLOW_LINK
        ? `no item has a detail page: ${FOLLOW_LINK} (${selector}) matched nothing`
        : `${name} is empty in all items: its selector (${selector}) matched nothing`,
    );
}

/** What a selector matched: elements (of a sitemap its entries), and on how many pages. */
interface SelectorMatches {
  part: SelectorPart;
  /** The field, or where the selector stands in the configuration. */
  field: string;
  selector: string;
  matched: number;
  pages: number;
}

/** What each selector of a configuration matched: those of rows and pages first, then the fields. */
export function collectSelectorMatches(
  config: Pick<ScrapeConfig, 'selectors' | 'follow' | 'item' | 'pagination' | 'sitemap'>,
  {
    found,
    sitemap,
    matches,
    matchedPages,
  }: Pick<ScrapeStats, 'found' | 'sitemap' | 'matches' | 'matchedPages'>,
): SelectorMatches[] {
  const onSitemap = {
    matched: sitemap?.entries ?? 0,
    pages: sitemap === null ? 0 : sitemap.files - sitemap.empty,
  };
  return [
    ...getPageSelectors(config).map(({ part, selector }) => {
      const { matched = 0, pages = 0 } = part === 'sitemap' ? onSitemap : (found[part] ?? {});
      return { part, field: SELECTOR_PATHS[part], selector, matched, pages };
    }),
    ...getSelectors(config).map(({ part, name, selector }) => {
      return { part, field: name, selector, matched: matches[name] ?? 0, pages: matchedPages[name] ?? 0 };
    }),
  ];
}
