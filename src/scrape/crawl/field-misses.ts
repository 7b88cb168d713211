import { getSelectors } from '../config/config-fields.ts';
import type { ScrapeConfig } from '../config/config-schema.ts';
import { describeFieldMiss } from '../extract/data-miss.ts';
import { describeNameCase } from '../extract/name-case.ts';
import type { ExtractedPage } from '../pagination/pagination-context.ts';
import { isDataSelector } from '../selectors/data-selector.ts';

/**
 * By field that reads data or XML: why it selects nothing on the first page where it selects nothing, such as where its
 * path stops; empty if unknown.
 */
export type FieldMisses = Record<string, string>;

/**
 * Adds the fields that select nothing on a page.
 * @param level of the page: 0 for a page of rows
 */
export function noteMisses(
  misses: FieldMisses,
  config: Pick<ScrapeConfig, 'selectors' | 'follow' | 'item'>,
  { page, matches }: Pick<ExtractedPage, 'page' | 'matches'>,
  level = 0,
): void {
  for (const { part, name, path, selector, level: own } of getSelectors(config)) {
    if (own !== level || part !== 'field' || path.length !== 1 || matches[name] !== 0) continue;
    if (Object.hasOwn(misses, name)) continue;
    if (!isDataSelector(selector)) {
      const told = describeNameCase(page, selector);
      if (told !== undefined) misses[name] = told;
      continue;
    }
    const told = describeFieldMiss(page, selector, level === 0 ? config.item : undefined) ?? '';
    const isOther = level === 0 && config.follow !== undefined && told.startsWith('the page has no ');
    misses[name] = isOther
      ? `${told}. A field of the pages behind the links belongs into follow.selectors`
      : told;
  }
}
