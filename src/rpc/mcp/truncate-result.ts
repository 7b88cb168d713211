import type { ShortenableList } from './shorten-lists.ts';
import { shortenLists } from './shorten-lists.ts';

/** The text in at most so many bytes of UTF-8, of whole characters, with an ellipsis where it was cut. */
export function truncateUtf8(text: string, maxBytes: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= maxBytes) return text;
  let end = maxBytes - Buffer.byteLength('…');
  while (end > 0 && isWithinCharacter(bytes[end])) end -= 1;
  return `${bytes.toString('utf8', 0, end)}…`;
}

function isWithinCharacter(byte = 0): boolean {
  return (byte & 0xc0) === 0x80;
}

/** How much of a value is kept. */
interface TruncationLimits {
  /** Bytes of a text, or of a field's name. */
  text: number;
  /** Entries of a list that stands in a field. */
  entries: number;
  /** Fields of an object. */
  fields: number;
  /** Objects and lists within each other; what is deeper becomes the beginning of its JSON. */
  depth: number;
}

/** The value with less in it: what is left out of a text, a list of texts or an object is said in its place. */
function truncateValues(value: unknown, cut: TruncationLimits): unknown {
  if (typeof value === 'string') return truncateLongText(value, cut.text);
  if (typeof value !== 'object' || value === null) return value;
  if (cut.depth === 0) return truncateLongText(JSON.stringify(value), cut.text);
  const inside = { ...cut, depth: cut.depth - 1 };
  if (Array.isArray(value)) {
    const kept = value.slice(0, cut.entries).map((entry) => truncateValues(entry, inside));
    const isCut = kept.length < value.length && kept.every((entry) => typeof entry === 'string');
    return isCut ? [...kept, `… (${value.length} entries)`] : kept;
  }
  const fields = Object.entries(value);
  const kept = fields
    .slice(0, cut.fields)
    .map(([name, inner]) => [truncateUtf8(name, cut.text), truncateValues(inner, inside)] as const);
  const left = fields.length - kept.length;
  return Object.fromEntries(left > 0 ? [...kept, ['…', `${left} more fields`]] : kept);
}

function truncateLongText(text: string, maxBytes: number): string {
  const kept = truncateUtf8(text, maxBytes);
  return kept === text ? text : `${kept} (${text.length} characters)`;
}

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
function truncateItem(item: unknown): unknown {
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
function dropNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(dropNulls);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([, inner]) => inner !== null);
  return Object.fromEntries(kept.map(([name, inner]) => [name, dropNulls(inner)]));
}

/** Bytes of its JSON. */
export function sizeOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? '');
}

/** Room for the list's name and its cursor. */
const CURSOR_BYTES = 120;

/**
 * A page of a list in about so many bytes. One that is too long is asked for anew with fewer items, so that its cursor goes
 * on where it ends.
 * @param callAgain asks for it with other parameters
 */
export async function truncatePage(
  list: string,
  params: Record<string, unknown>,
  answer: Record<string, unknown>,
  maxBytes: number,
  callAgain: (params: Record<string, unknown>) => Promise<Record<string, unknown>>,
): Promise<Record<string, unknown>> {
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
