import { open } from 'node:fs/promises';
import type { ItemSource } from '../runs/item-file.ts';
import { fieldOf, toNumber } from '../runs/item-values.ts';
import type { Item } from '../runs/run-files.ts';
import { type CountedChanges, differingFields } from './counted-changes.ts';
import type { DifferenceCounts } from './difference-page.ts';
import { type LaterDifference, matchItems } from './match-items.ts';

/** Lines are written together until they are this long, in characters. */
const BATCH_LENGTH = 1 << 18;
/** Between two reports of the progress, in items. */
const PROGRESS_ITEMS = 10_000;
/** The fields of at most this many names are listed. */
const MAX_FIELDS = 200;

/** What a joined row says of its item. `ignored`: added or removed, but the configuration does not count that. */
export type JoinedKind = 'changed' | 'added' | 'removed' | 'same' | 'ignored';

/** The names of what a joined row has beside the fields of its item. No item has a field with such a name. */
export interface JoinNames {
  /** The field with the {@link JoinedKind}. */
  readonly kind: string;
  /** The beginning of a field with an earlier value: `before.price`. */
  readonly before: string;
  /** The beginning of a field with how much a number has grown: `change.price`. */
  readonly change: string;
}

interface JoinOptions {
  /** The fields that identify an item: see {@link matchItems}. */
  key: readonly string[];
  counted: CountedChanges;
  signal: AbortSignal | undefined;
  /** Called with the number of items that were read so far: those before once, those after twice. */
  onProgress: (items: number) => void;
}

export interface JoinedItems {
  names: JoinNames;
  /** What a comparison counts. */
  counts: DifferenceCounts & { readonly unchanged: number };
  /** The fields that differ in some item, and those of them in which a number does. */
  differing: readonly string[];
  numeric: readonly string[];
}

/**
 * Writes the items of two runs side by side to a new file, with a JSON object a line: the later items in their order,
 * then those that are gone. A row has the fields of the item as it is now, or was at last, with its {@link JoinedKind}
 * first. A changed one has the earlier values of the fields that differ, too.
 * @throws the reason of the signal once it is aborted; QuickscrapeError `store_unavailable`; errors of the file system
 */
export async function joinItems(
  before: ItemSource,
  after: ItemSource,
  file: string,
  { key, counted, signal, onProgress }: JoinOptions,
): Promise<JoinedItems> {
  const fields = new Set<string>();
  let read = 0;
  const onItem = (item: Item) => {
    for (const name in item) fields.add(name);
    read += 1;
    if (read % PROGRESS_ITEMS === 0) onProgress(read);
  };
  const matched = await matchItems(before, after, { key, counted, signal, onItem });
  const names = namesBeside(fields);
  const [differing, numeric] = [new Set<string>(), new Set<string>()];
  const changedRow = async (was: Item, is: Item): Promise<Item> => {
    const row: Record<string, unknown> = { [names.kind]: 'changed' satisfies JoinedKind, ...is };
    for (const field of differingFields(was, is, counted)) {
      if (differing.size < MAX_FIELDS) differing.add(field);
      row[names.before + field] = fieldOf(was, field) ?? null;
      const change = changeOf(fieldOf(was, field), fieldOf(is, field));
      if (change === undefined) continue;
      if (numeric.size < MAX_FIELDS) numeric.add(field);
      row[names.change + field] = change;
    }
    return row;
  };
  const rowOf = (kind: JoinedKind, item: Item): Item => ({ [names.kind]: kind, ...item });
  const countedKind = (kind: 'added' | 'removed') => (counted.only.includes(kind) ? kind : 'ignored');
  const target = await open(file, 'wx', 0o600);
  let batch = '';
  const write = async (row: Item) => {
    batch += `${JSON.stringify(row)}\n`;
    if (batch.length < BATCH_LENGTH) return;
    signal?.throwIfAborted();
    await target.writeFile(batch);
    batch = '';
  };
  try {
    const later = matched.later()[Symbol.iterator]();
    let next: LaterDifference | undefined = later.next().value;
    for await (const items of after.items()) {
      for (const { item, place } of items) {
        onItem(item);
        if (next?.after.offset !== place.offset) {
          await write(rowOf('same', item));
          continue;
        }
        if (next.kind === 'added') await write(rowOf(countedKind('added'), item));
        else await write(await changedRow(await before.read(next.before), item));
        next = later.next().value;
      }
    }
    for (const place of matched.removed())
      await write(rowOf(countedKind('removed'), await before.read(place)));
    await target.writeFile(batch);
  } finally {
    await target.close();
  }
  const count = (kind: keyof DifferenceCounts) => matched.count(kind);
  return {
    names,
    counts: {
      added: count('added'),
      removed: count('removed'),
      changed: count('changed'),
      unchanged: matched.unchanged,
    },
    differing: [...differing],
    numeric: [...numeric],
  };
}

/** How much a number has grown, without the noise of binary fractions; `undefined` unless both are numbers. */
function changeOf(before: unknown, after: unknown): number | undefined {
  const [from, to] = [toNumber(before), toNumber(after)];
  return from === undefined || to === undefined ? undefined : Number((to - from).toPrecision(12));
}

/** `change`, `before.` and `change.`, with `_` where items have such fields. */
function namesBeside(fields: ReadonlySet<string>): JoinNames {
  const all = [...fields];
  for (let end = ''; ; end += '_') {
    const names = { kind: `change${end}`, before: `before${end}.`, change: `change${end}.` };
    const isTaken = (name: string) =>
      name === names.kind || name.startsWith(names.before) || name.startsWith(names.change);
    if (!all.some(isTaken)) return names;
  }
}
