import { sizeOf, truncateItem } from './truncate-result.ts';

type Fields = Record<string, unknown>;

/** Room for the list's name and its cursor. */
const CURSOR_BYTES = 120;

/**
 * A page of a list in about so many bytes. One that is too long is asked for anew with fewer items, so that its cursor goes
 * on where it ends.
 * @param callAgain asks for it with other parameters
 */
export async function truncatePage(
  list: string,
  params: Fields,
  answer: Fields,
  maxBytes: number,
  callAgain: (params: Fields) => Promise<Fields>,
): Promise<Fields> {
  const { [list]: items, ...rest } = answer;
  if (sizeOf(answer) <= maxBytes || !Array.isArray(items)) return answer;
  const count = countItemsThatFit(items.map(truncateItem), maxBytes - sizeOf(rest) - CURSOR_BYTES);
  return count === items.length ? answer : callAgain({ ...params, limit: count });
}

/** How many of the first items of a list fit into so many bytes, at least one. */
export function countItemsThatFit(items: readonly unknown[], maxBytes: number): number {
  let size = 2;
  const at = items.findIndex((item) => {
    size += sizeOf(item) + 1;
    return size > maxBytes;
  });
  return at === -1 ? items.length : Math.max(1, at);
}
