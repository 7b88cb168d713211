/** What a caller can take of a list that continues at a cursor. */
export interface PageRoom {
  /** More items never fit, however small they are. */
  maxItems: number;
  /**
   * Starts a page.
   * @param others the other fields of the answer
   * @returns a function that tells whether one more item fits; the first one always does
   */
  start(others: Record<string, unknown>): (item: unknown) => boolean;
}

/** The most items to read for a page. */
export function pageLimit(limit: number, room: PageRoom | undefined): number {
  return room === undefined ? limit : Math.min(limit, Math.max(1, room.maxItems));
}

/**
 * The items of a page that its caller can take: all of them where it has no limit of size. The operation's cursor then
 * continues after the last of these, so that no call is made twice.
 * @param toItem converts a source only when it is its turn
 */
export function fillPage<S, I>(
  room: PageRoom | undefined,
  others: Record<string, unknown>,
  sources: Iterable<S>,
  toItem: (source: S) => I,
): I[] {
  const hasRoom = room?.start(others);
  const items: I[] = [];
  for (const source of sources) {
    const item = toItem(source);
    if (hasRoom !== undefined && !hasRoom(item)) break;
    items.push(item);
  }
  return items;
}
