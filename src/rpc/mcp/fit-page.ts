import { cutItem, sizeOf } from './fit-answer.ts';

type Fields = Record<string, unknown>;

/** Room for the list's name and its cursor. */
const CURSOR = 120;

/**
 * A page of a list in about so many bytes. One that is too long is asked for anew with fewer items, so that its cursor goes
 * on where it ends.
 * @param again asks for it with other parameters
 */
export async function fitPage(
  list: string,
  params: Fields,
  answer: Fields,
  most: number,
  again: (params: Fields) => Promise<Fields>,
): Promise<Fields> {
  const { [list]: items, ...rest } = answer;
  if (sizeOf(answer) <= most || !Array.isArray(items)) return answer;
  const count = itemsThatFit(items.map(cutItem), most - sizeOf(rest) - CURSOR);
  return count === items.length ? answer : again({ ...params, limit: count });
}

/** How many of the first items of a list fit into so many bytes, at least one. */
export function itemsThatFit(items: readonly unknown[], most: number): number {
  let size = 2;
  const at = items.findIndex((item) => {
    size += sizeOf(item) + 1;
    return size > most;
  });
  return at === -1 ? items.length : Math.max(1, at);
}
