import { nextLink } from './next-link.ts';
import type { Visit, Walk } from './walk.ts';

/** Follows the link to the next page until there is none, one that was there before, or the limit. */
export async function* followNextButton(
  start: string,
  selector: string,
  maxPages: number,
  walk: Walk,
): AsyncGenerator<Visit> {
  let url = start;
  if (!walk.seen.add(url)) return walk.debug(`${url} was fetched before`);
  for (let count = 1; ; count++) {
    const visit = await walk.visit(url);
    const { page } = visit;
    if (page.url !== url && !walk.seen.add(page.url) && count > 1) {
      return walk.warn(`stopped at ${url}: it leads back to ${page.url}, which was fetched before`);
    }
    yield visit;
    if (count >= maxPages) return walk.debug(`stopped after ${count} pages (max_pages)`);
    const next = nextLink(page, selector);
    if ('none' in next) return walk.debug(`last page ${page.url}: ${next.none}`);
    if (!walk.seen.add(next.url)) {
      return walk.warn(
        `stopped at ${page.url}: its next link leads back to ${next.url}, which was fetched before`,
      );
    }
    url = next.url;
  }
}
