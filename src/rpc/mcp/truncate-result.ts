import { type ShortenableList, shortenLists } from './shorten-lists.ts';
import { type TruncationLimits, truncateValues } from './truncate-values.ts';

type Fields = Record<string, unknown>;

export interface TruncationOptions {
  lists: readonly ShortenableList[];
  /** A list that goes on at a cursor: all of its items stay. */
  pagedList?: string | undefined;
  /** Fields that are what was asked for: they stay as they are. */
  keep?: readonly string[] | undefined;
  /** Leaves out what anybody would take for granted. */
  lean?: ((answer: Fields) => Fields) | undefined;
  /** How a model gets all of what is cut in texts and in the lists within fields. */
  rest?: string | undefined;
}

/**
 * What is kept of the items of lists, and of all else, in an answer that is too long; the next one where that is still too
 * much with as few items as may be.
 */
const TRUNCATION_LEVELS: readonly { items: TruncationLimits; fields: TruncationLimits }[] = [
  {
    items: { text: 300, entries: 20, fields: 60, depth: 8 },
    fields: { text: 400, entries: 20, fields: 60, depth: 8 },
  },
  {
    items: { text: 120, entries: 5, fields: 30, depth: 4 },
    fields: { text: 120, entries: 5, fields: 60, depth: 6 },
  },
  {
    items: { text: 60, entries: 3, fields: 12, depth: 2 },
    fields: { text: 60, entries: 3, fields: 45, depth: 5 },
  },
  {
    items: { text: 40, entries: 2, fields: 6, depth: 1 },
    fields: { text: 40, entries: 2, fields: 45, depth: 3 },
  },
  {
    items: { text: 24, entries: 1, fields: 4, depth: 1 },
    fields: { text: 24, entries: 1, fields: 30, depth: 1 },
  },
  {
    items: { text: 12, entries: 1, fields: 3, depth: 1 },
    fields: { text: 12, entries: 1, fields: 12, depth: 1 },
  },
];

/**
 * The answer in at most `most` bytes of JSON, as far as that is possible. Fields that are null go first, then what the
 * answer can do without (`lean`, `brief` of a list), then what is too long of texts and of lists within fields, together
 * with whole items of lists, never half of one. Of each list so many items stay as it says (`least`): there a little of
 * everything is worth more than all of something. What went is said in `shortened`.
 */
export function truncateResult(answer: Fields, maxBytes: number, options: TruncationOptions): Fields {
  if (sizeOf(answer) <= maxBytes) return answer;
  const whole = dropNulls(answer) as Fields;
  if (sizeOf(whole) <= maxBytes) return whole;
  const lean = briefItems(options.lean?.(whole) ?? whole, options.lists);
  if (sizeOf(lean) <= maxBytes) return lean;
  let truncated = lean;
  for (const cut of TRUNCATION_LEVELS) {
    truncated = shortenLists(truncateFields(lean, cut, options), maxBytes, options.lists);
    if (sizeOf(truncated) <= maxBytes) break;
  }
  return truncated;
}

/** An item of a list as it is in an answer that is too long otherwise. */
export function truncateItem(item: unknown): unknown {
  const [cut] = TRUNCATION_LEVELS;
  return cut === undefined ? item : truncateValues(dropNulls(item), cut.items);
}

function briefItems(answer: Fields, lists: readonly ShortenableList[]): Fields {
  const brief = lists.flatMap(({ list, briefFields: fields }) => {
    const items = answer[list];
    if (fields === undefined || !Array.isArray(items)) return [];
    return [[list, items.map((item) => pickFields(item as Fields, fields))] as const];
  });
  return { ...answer, ...Object.fromEntries(brief) };
}

function pickFields(item: Fields, fields: readonly string[]): Fields {
  return Object.fromEntries(Object.entries(item).filter(([name]) => fields.includes(name)));
}

function truncateFields(
  answer: Fields,
  cut: { items: TruncationLimits; fields: TruncationLimits },
  { lists, pagedList, keep = [], rest }: TruncationOptions,
): Fields {
  const isList = (name: string) => name === pagedList || lists.some(({ list }) => list === name);
  let isCut = false;
  const fields = Object.entries(answer).map(([name, value]) => {
    if (keep.includes(name) || name === 'shortened') return [name, value];
    // Of these whole items go, if any do.
    const kept =
      isList(name) && Array.isArray(value)
        ? value.map((item) => truncateValues(item, cut.items))
        : truncateValues(value, cut.fields);
    isCut ||= JSON.stringify(kept) !== JSON.stringify(value);
    return [name, kept];
  });
  const said = isCut && rest !== undefined ? { rest } : {};
  const shortened = { ...(answer['shortened'] as Fields | undefined), ...said };
  return {
    ...Object.fromEntries(fields),
    ...(Object.keys(shortened).length > 0 && { shortened }),
  };
}

/** Without the fields that are null: what is left out is null. */
export function dropNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(dropNulls);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([, inner]) => inner !== null);
  return Object.fromEntries(kept.map(([name, inner]) => [name, dropNulls(inner)]));
}

/** Bytes of its JSON. */
export function sizeOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? '');
}
