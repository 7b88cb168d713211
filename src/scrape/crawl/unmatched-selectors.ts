import { FOLLOW_LINK, getSelectors } from '../config/config-fields.ts';
import type { ScrapeConfig } from '../config/config-schema.ts';

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
