import { type TruncationLimits, truncateValues } from '../../core/lib/truncate-values.ts';
import type { PageRoom } from '../../core/operations/page-room.ts';
import { sizeOf, type TruncatableList, truncateLists } from './truncate-lists.ts';

type Fields = Record<string, unknown>;

export interface TruncationOptions {
  lists: readonly TruncatableList[];
  /** A list that continues at a cursor: all of its items stay. */
  pagedList?: string | undefined;
  /** Fields that the call asked for; they stay unchanged. */
  keep?: readonly string[] | undefined;
  /** Drops obvious fields. */
  lean?: ((answer: Fields) => Fields) | undefined;
  /** How a model gets the full texts and the full lists within fields. */
  rest?: string | undefined;
}

/**
 * The limits for the items of lists, and for all other fields, of an answer that is too long. Each level applies if the
 * one before is still too large with the fewest items.
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
 * Truncates an answer to at most `maxBytes` of JSON, if possible. Fields that are null are dropped first, then optional
 * ones (`lean`, `briefFields` of a list). Then long texts and lists within fields are cut, together with whole items of
 * lists. Each list keeps at least `minItems`: a little of everything is worth more than all of one thing. `shortened`
 * describes the removed parts.
 */
export function truncateResult(answer: Fields, maxBytes: number, options: TruncationOptions): Fields {
  if (sizeOf(answer) <= maxBytes) return answer;
  const whole = dropNulls(answer) as Fields;
  if (sizeOf(whole) <= maxBytes) return whole;
  const lean = briefItems(options.lean?.(whole) ?? whole, options.lists);
  if (sizeOf(lean) <= maxBytes) return lean;
  let truncated = lean;
  for (const cut of TRUNCATION_LEVELS) {
    truncated = truncateLists(truncateFields(lean, cut, options), maxBytes, options.lists);
    if (sizeOf(truncated) <= maxBytes) break;
  }
  return truncated;
}

/** Truncates an item of a list as in an answer that is too long. */
function truncateItem(item: unknown): unknown {
  const [cut] = TRUNCATION_LEVELS;
  return cut === undefined ? item : truncateValues(dropNulls(item), cut.items);
}

function briefItems(answer: Fields, lists: readonly TruncatableList[]): Fields {
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
    // Whole items of these lists are removed elsewhere.
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

/** Drops null fields: an absent field means null. */
export function dropNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(dropNulls);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([, inner]) => inner !== null);
  return Object.fromEntries(kept.map(([name, inner]) => [name, dropNulls(inner)]));
}

/** Bytes reserved for the list's name and its cursor. */
const CURSOR_BYTES = 120;

/**
 * The room for the items of a list in an answer of about `maxBytes`.
 * @param show makes of an answer what is shown of it
 * @param minItemBytes the size of the smallest item
 */
export function createPageRoom(
  list: string,
  maxBytes: number,
  show: (answer: Fields) => Fields = (answer) => answer,
  minItemBytes = 1,
): PageRoom {
  return {
    maxItems: Math.ceil(maxBytes / minItemBytes),
    start(others) {
      let left = maxBytes - sizeOf(show({ ...others, [list]: [] })) - CURSOR_BYTES;
      let isFirst = true;
      return (item) => {
        const [shown] = show({ ...others, [list]: [item] })[list] as unknown[];
        left -= sizeOf(truncateItem(shown)) + 1;
        const fits = isFirst || left >= 0;
        isFirst = false;
        return fits;
      };
    },
  };
}
