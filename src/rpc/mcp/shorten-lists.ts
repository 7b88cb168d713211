import { isDeepStrictEqual } from 'node:util';
import { DEFAULTS } from '../../core/model/definition-defaults.ts';

/** Who wrote the job and when, and how its file is made: of use to few. */
const BOOKKEEPING_FIELDS = ['schema_version', 'created_at', 'updated_at', 'created_by', 'updated_by'];
/** They are told also when they are as they are for every job. */
const ALWAYS_SHOWN_FIELDS = ['enabled'];

const SHORTENED_NOTE =
  'without fields at their defaults and bookkeeping; the resource quickscrape://jobs/{job_id} has all of it';

/** The answer with its job in short: only what is not the same for most jobs, and the fields that were changed. */
export function shortenJob(answer: Record<string, unknown>): Record<string, unknown> {
  const { job, changed, shortened } = answer;
  if (typeof job !== 'object' || job === null) return answer;
  const shownFields = Array.isArray(changed) ? [...ALWAYS_SHOWN_FIELDS, ...changed] : ALWAYS_SHOWN_FIELDS;
  const kept = Object.entries(job).filter(
    ([name, value]) =>
      shownFields.includes(name) || !(isDefault(name, value) || BOOKKEEPING_FIELDS.includes(name)),
  );
  return {
    ...answer,
    job: Object.fromEntries(kept),
    shortened: { ...(shortened as Record<string, unknown> | undefined), job: SHORTENED_NOTE },
  };
}

function isDefault(name: string, value: unknown): boolean {
  if (value === null) return true;
  return Object.hasOwn(DEFAULTS, name) && isDeepStrictEqual(value, DEFAULTS[name as keyof typeof DEFAULTS]);
}

type Fields = Record<string, unknown>;

/** A list of an answer that may be shortened, and how a model gets the rest. */
export interface ShortenableList {
  list: string;
  /** Which end goes first: of a log the oldest lines, of anything else the last items. */
  from: 'start' | 'end';
  rest: string;
  /** So many of its items stay, whatever has to go: 0 if nothing is said. */
  minItems?: number;
  /** The fields of its items that stay when the answer is too long. */
  briefFields?: readonly string[];
  /** Items that go after all others. */
  isImportant?(item: unknown): boolean;
}

/** A list that is being shortened. */
interface ListInProgress extends ShortenableList {
  items: readonly unknown[];
  /** The places of the items that may go, the next one first. */
  removable: number[];
  removed: Set<number>;
  /** Bytes of the items that are left. */
  size: number;
}

/**
 * Takes items away one by one, always from the list that is the longest by then, until the answer has at most so many bytes
 * of JSON or each list has as few as it may. What went is said in `shortened`.
 */
export function shortenLists(answer: Fields, maxBytes: number, lists: readonly ShortenableList[]): Fields {
  let size = bytesOf(answer);
  if (size <= maxBytes) return answer;
  const open = lists.flatMap((one): ListInProgress[] => {
    const items = answer[one.list];
    return Array.isArray(items) ? [startShortening(one, items)] : [];
  });
  size += bytesOf({ shortened: {} });
  while (size > maxBytes) {
    const [longest] = open
      .filter(({ removable }) => removable.length > 0)
      .toSorted((a, b) => b.size - a.size);
    const at = longest?.removable.shift();
    if (longest === undefined || at === undefined) break;
    if (longest.removed.size === 0) size += bytesOf({ [longest.list]: describeShortening(longest) });
    const freed = bytesOf(longest.items[at]) + 1;
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
      ...Object.fromEntries(cut.map((one) => [one.list, describeShortening(one)])),
    },
  };
}

function startShortening(list: ShortenableList, items: readonly unknown[]): ListInProgress {
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
    size: bytesOf(items),
  };
}

function describeShortening({ items, removed, rest }: ListInProgress): string {
  return `${items.length - removed.size} of ${items.length}; ${rest}`;
}

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? '');
}
