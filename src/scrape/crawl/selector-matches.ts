import { SELECTOR_PATHS, type SelectorPart } from '../../core/model/check.ts';
import { describeEmptyField } from '../../core/runs/selector-findings.ts';
import { getPageSelectors, getSelectors } from '../config/config-fields.ts';
import type { ScrapeConfig } from '../config/config-schema.ts';
import type { ScrapeStats } from './scrape-stats.ts';

/**
 * Describes each selector that matched nothing on any page, in one sentence. Selectors within such a field are omitted.
 */
export function describeUnmatchedSelectors(
  config: Pick<ScrapeConfig, 'selectors' | 'follow'>,
  { matches, misses }: Readonly<Pick<ScrapeStats, 'matches' | 'misses'>>,
): string[] {
  return getSelectors(config)
    .filter(({ name, path, selector }) => {
      // A column that is not there has a warning of its own.
      if (selector === ':scope') return false;
      const isWithin = path.slice(1).some((_, depth) => matches[path.slice(0, depth + 1).join('.')] === 0);
      return matches[name] === 0 && !isWithin;
    })
    .map(({ part, level, name, selector }) => {
      if (part === 'field') return describeEmptyField(name, selector, misses[name]);
      const what = level === 0 ? 'no item has a detail page' : 'no detail page leads to a further one';
      return `${what}: ${name} (${selector}) matched nothing`;
    });
}

/** The matches of a selector: the number of elements (for a sitemap, of its entries), and the number of pages. */
interface SelectorMatches {
  part: SelectorPart;
  /** The field, or the selector's key in the configuration. */
  field: string;
  selector: string;
  matched: number;
  pages: number;
}

/** Lists the matches of each selector of a configuration: first those of rows and pages, then the fields. */
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
