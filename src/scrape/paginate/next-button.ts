import { nextLink } from './next-link.ts';
import type { Visit, Walk } from './walk.ts';

/**
 * Follows the link to the next page until there is none, one that was there before, or the limit. In a browser what is no
 * link is clicked on.
 */
export async function* followNextButton(
  start: string,
  selector: string,
  maxPages: number,
  walk: Walk,
): AsyncGenerator<Visit> {
  if (!walk.seen.add(start)) return walk.debug(`${start} was fetched before`);
  let visit = await walk.visit(start);
  if (visit.page.url !== start) walk.seen.add(visit.page.url);
  for (let count = 1; ; count++) {
    yield visit;
    if (count >= maxPages) return walk.debug(`stopped after ${count} pages (max_pages)`);
    const following = await follow(visit, selector, walk);
    if (following === undefined) return;
    visit = following;
  }
}

async function follow(visit: Visit, selector: string, walk: Walk): Promise<Visit | undefined> {
  const { page } = visit;
  const next = nextLink(page, selector);
  if ('none' in next) {
    const clicked = next.mayClick && (await walk.clickNext?.(selector));
    if (!clicked) return void walk.debug(`last page ${page.url}: ${next.none}`);
    if (JSON.stringify(clicked.rows) !== JSON.stringify(visit.rows)) return clicked;
    return void walk.debug(`last page ${page.url}: a click on "${selector}" shows the same rows again`);
  }
  const { url } = next;
  if (!walk.seen.add(url)) {
    return void walk.warn(
      `stopped at ${page.url}: its next link leads back to ${url}, which was fetched before`,
    );
  }
  const following = await walk.visit(url);
  if (following.page.url !== url && !walk.seen.add(following.page.url)) {
    return void walk.warn(
      `stopped at ${url}: it leads back to ${following.page.url}, which was fetched before`,
    );
  }
  return following;
}
