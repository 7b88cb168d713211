import type { ItemSource } from '../runs/item-file.ts';
import type { ByteRange } from '../runs/item-hash-index.ts';
import type { Item } from '../runs/run-files.ts';
import { type CountedChanges, differingFields } from './counted-changes.ts';
import { type FieldChanges, FieldChangeTally } from './field-changes.ts';
import { pickFields } from './item-digest.ts';

/** The kinds of differences, in the order in which a page has them. */
export const DIFFERENCE_KINDS = ['changed', 'added', 'removed'] as const;
export type DifferenceKind = (typeof DIFFERENCE_KINDS)[number];

/** An item that was added, removed or changed between two runs. */
export interface Difference {
  kind: DifferenceKind;
  /** The value of the item's key field; a list for several fields; `null` without a key, or without that field. */
  key: unknown;
  before?: Item;
  after?: Item;
  /** For `changed`: the names of the fields that differ. */
  fields?: string[];
}

/** A number for each kind of difference. */
export type DifferenceCounts = Readonly<Record<DifferenceKind, number>>;

export interface DifferencePageOptions {
  /** Which fields are listed as differing. */
  counted: Pick<CountedChanges, 'fields' | 'ignored' | 'fold'>;
  /** Only these fields are shown. */
  fields: readonly string[] | undefined;
  /** Only differences of this kind. */
  kind: DifferenceKind | undefined;
  /** Changed items first, the one with the largest relative change of a number before all others. */
  sort: 'change' | undefined;
  /** How many of each kind earlier pages had. */
  from: DifferenceCounts | undefined;
  /** Collect figures of the fields that differ. */
  hasFigures: boolean;
  signal: AbortSignal | undefined;
}

/** A page of the differences. */
export interface PageOfDifferences {
  examples: Difference[];
  /** How many of each kind there are from this page on. */
  remaining: DifferenceCounts;
  /** Figures of the fields of all changed items. */
  byField: Record<string, FieldChanges>;
}

const NONE: DifferenceCounts = { changed: 0, added: 0, removed: 0 };
export const NO_DIFFERENCES: PageOfDifferences = { examples: [], remaining: NONE, byField: {} };

/** A page ends when it has this many bytes of items. */
const MAX_PAGE_BYTES = 1024 * 1024;

type Options = Partial<DifferencePageOptions> &
  Pick<DifferencePageOptions, 'counted'> & { key: readonly string[]; limit: number };

interface Place {
  before?: ByteRange;
  after?: ByteRange;
}

/** The places of all differences, by kind and number, in the order of the items. */
interface DifferencePlaces {
  count(kind: DifferenceKind): number;
  placeOf(kind: DifferenceKind, at: number): Place;
}

interface Sources {
  before: ItemSource;
  after: ItemSource;
}

/**
 * Reads a page of the differences, and figures of all of them. In order of items, each kind has its share, so that a
 * frequent one leaves room for a rare one.
 */
export async function readDifferences(
  before: ItemSource,
  after: ItemSource,
  places: DifferencePlaces,
  options: Options,
): Promise<PageOfDifferences> {
  const { kind, from = NONE, limit, sort, hasFigures = false } = options;
  const sources = { before, after };
  const tally = new FieldChangeTally();
  const order =
    hasFigures || sort !== undefined ? await readChanged(sources, places, options, tally) : undefined;
  const remaining = { ...NONE };
  for (const each of DIFFERENCE_KINDS)
    if (kind === undefined || kind === each) remaining[each] = Math.max(0, places.count(each) - from[each]);
  const page: PageOfDifferences = { examples: [], remaining, byField: tally.figures() };
  const shares = shareLimit(remaining, limit, sort);
  let bytes = 0;
  for (const each of DIFFERENCE_KINDS) {
    for (let at = from[each]; at < from[each] + shares[each]; at += 1) {
      const index = each === 'changed' ? (order?.[at] ?? at) : at;
      const place = places.placeOf(each, index);
      bytes += (place.before?.length ?? 0) + (place.after?.length ?? 0);
      if (bytes > MAX_PAGE_BYTES && page.examples.length > 0) return page;
      page.examples.push(await readDifference(sources, each, place, options));
    }
  }
  return page;
}

/**
 * Reads all changed items, for figures.
 * @returns their numbers, sorted by their largest change of a number; `undefined` when they are not to be sorted
 */
async function readChanged(
  sources: Sources,
  places: DifferencePlaces,
  options: Options,
  tally: FieldChangeTally,
): Promise<number[] | undefined> {
  const sizes = new Float64Array(places.count('changed'));
  for (let at = 0; at < sizes.length; at += 1) {
    options.signal?.throwIfAborted();
    const found = await readDifference(sources, 'changed', places.placeOf('changed', at), options);
    const { before = {}, after = {}, fields = [], key } = found;
    sizes[at] = tally.add(before, after, fields, key);
  }
  if (options.sort === undefined) return undefined;
  return [...sizes.keys()].sort((a, b) => (sizes[b] ?? 0) - (sizes[a] ?? 0) || a - b);
}

async function readDifference(
  sources: Sources,
  kind: DifferenceKind,
  place: Place,
  { key, fields, counted }: Options,
): Promise<Difference> {
  const before = place.before && (await sources.before.read(place.before));
  const after = place.after && (await sources.after.read(place.after));
  const differing = before && after && differingFields(before, after, counted);
  return {
    kind,
    key: keyOf(after ?? before ?? {}, key),
    ...(before && { before: pickFields(before, fields) }),
    ...(after && { after: pickFields(after, fields) }),
    ...(differing && { fields: differing }),
  };
}

function keyOf(item: Item, key: readonly string[]): unknown {
  const values = key.map((field) => (Object.hasOwn(item, field) ? item[field] : null));
  return values.length > 1 ? values : (values[0] ?? null);
}

/** Returns the first of a page's differences, as a page of this limit would have them. */
export function shortenPage(
  { examples, remaining, byField }: PageOfDifferences,
  limit: number,
  sort: 'change' | undefined,
): PageOfDifferences {
  const shares = { ...shareLimit(remaining, limit, sort) };
  const shown = examples.filter(({ kind }) => {
    shares[kind] -= 1;
    return shares[kind] >= 0;
  });
  return { examples: shown, remaining, byField };
}

/** Distributes a limit: in turn among all kinds with remaining differences, or in their order when they are sorted. */
function shareLimit(
  remaining: DifferenceCounts,
  limit: number,
  sort: 'change' | undefined,
): Record<DifferenceKind, number> {
  const shares = { changed: 0, added: 0, removed: 0 };
  for (let left = limit; left > 0; ) {
    const open = DIFFERENCE_KINDS.filter((kind) => shares[kind] < remaining[kind]);
    if (open.length === 0) break;
    for (const kind of sort === undefined ? open.slice(0, left) : open.slice(0, 1)) {
      shares[kind] += 1;
      left -= 1;
    }
  }
  return shares;
}
