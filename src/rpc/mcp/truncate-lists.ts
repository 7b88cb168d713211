type Fields = Record<string, unknown>;

/** A list of an answer that may be truncated, and how a model gets the rest. */
export interface TruncatableList {
  list: string;
  /** The end from which items are removed: of a log the oldest lines, of other lists the last items. */
  from: 'start' | 'end';
  rest: string;
  /** The number of items that always stay; default 0. */
  minItems?: number;
  /** The item fields that stay when the answer is too long. */
  briefFields?: readonly string[];
  /** Items that are removed after all others. */
  isImportant?(item: unknown): boolean;
}

/** A list that is being truncated. */
interface ListInProgress extends TruncatableList {
  items: readonly unknown[];
  /** The indexes of the items that may be removed, the next one first. */
  removable: number[];
  removed: Set<number>;
  /** Bytes of the remaining items. */
  size: number;
}

/**
 * Removes items one by one, always from the list that is longest at that moment. Stops when the answer has at most
 * `maxBytes` of JSON, or when each list is at its minimum. `shortened` describes the removed items.
 */
export function truncateLists(answer: Fields, maxBytes: number, lists: readonly TruncatableList[]): Fields {
  let size = sizeOf(answer);
  if (size <= maxBytes) return answer;
  const open = lists.flatMap((one): ListInProgress[] => {
    const items = answer[one.list];
    return Array.isArray(items) ? [startTruncation(one, items)] : [];
  });
  size += sizeOf({ shortened: {} });
  while (size > maxBytes) {
    const [longest] = open
      .filter(({ removable }) => removable.length > 0)
      .toSorted((a, b) => b.size - a.size);
    const at = longest?.removable.shift();
    if (longest === undefined || at === undefined) break;
    if (longest.removed.size === 0) size += sizeOf({ [longest.list]: describeTruncation(longest) });
    const freed = sizeOf(longest.items[at]) + 1;
    longest.removed.add(at);
    longest.size -= freed;
    size -= freed;
  }
  const cut = open.filter(({ removed }) => removed.size > 0);
  if (cut.length === 0) return answer;
  return {
    ...answer,
    ...Object.fromEntries(
      cut.map(({ list, items, removed }) => [list, items.filter((_, at) => !removed.has(at))]),
    ),
    shortened: {
      ...(answer['shortened'] as Fields | undefined),
      ...Object.fromEntries(cut.map((one) => [one.list, describeTruncation(one)])),
    },
  };
}

function startTruncation(list: TruncatableList, items: readonly unknown[]): ListInProgress {
  const { from, minItems = 0, isImportant = () => false } = list;
  const indexes = items.map((_, at) => at);
  if (from === 'end') indexes.reverse();
  const ordered = [
    ...indexes.filter((at) => !isImportant(items[at])),
    ...indexes.filter((at) => isImportant(items[at])),
  ];
  return {
    ...list,
    items,
    removable: ordered.slice(0, Math.max(0, items.length - minItems)),
    removed: new Set(),
    size: sizeOf(items),
  };
}

function describeTruncation({ items, removed, rest }: ListInProgress): string {
  return `${items.length - removed.size} of ${items.length}; ${rest}`;
}

/** Bytes of a value's JSON. */
export function sizeOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? '');
}
