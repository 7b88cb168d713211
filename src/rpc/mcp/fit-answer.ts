type Fields = Record<string, unknown>;

/** A list of an answer that may be shortened, and how a model gets the rest. */
export interface Shortenable {
  list: string;
  /** Which end goes first: of a log the oldest lines, of anything else the last items. */
  from: 'start' | 'end';
  rest: string;
}

/** The longest text within an answer that has to be shortened. */
const LONGEST_TEXT = 400;

/**
 * The answer in at most `most` characters of JSON, as far as that is possible: fields that are null go first, then
 * what is too long of long texts, then whole items of lists, never half of one. What went is said in `shortened`.
 * @param keep fields whose text is what was asked for
 */
export function fitAnswer(
  answer: Fields,
  most: number,
  lists: readonly Shortenable[],
  keep: readonly string[] = [],
): Fields {
  if (sizeOf(answer) <= most) return answer;
  let fitted = withoutNulls(answer) as Fields;
  if (sizeOf(fitted) <= most) return fitted;
  fitted = Object.fromEntries(
    Object.entries(fitted).map(([name, value]) => [name, keep.includes(name) ? value : shortTexts(value)]),
  );
  return sizeOf(fitted) <= most ? fitted : shortened(fitted, most, lists);
}

/** A list that is being shortened, with the size of each of its items, the next one to go last. */
interface Shortening extends Shortenable {
  items: readonly unknown[];
  sizes: number[];
}

/** Takes items away one by one, always from the list that is the longest by then. */
function shortened(answer: Fields, most: number, lists: readonly Shortenable[]): Fields {
  const open = lists.flatMap((one): Shortening[] => {
    const items = answer[one.list];
    if (!Array.isArray(items)) return [];
    const sizes = items.map((item) => sizeOf(item) + 1);
    return [{ ...one, items, sizes: one.from === 'start' ? sizes.reverse() : sizes }];
  });
  const notes = sizeOf(open.map(({ list, rest }) => `${list} 1000 of 1000; ${rest}`)) + 50;
  let size = sizeOf(answer) + notes;
  while (size > most) {
    const [longest] = open.toSorted((a, b) => sum(b.sizes) - sum(a.sizes));
    const freed = longest?.sizes.pop();
    if (freed === undefined) break;
    size -= freed;
  }
  const cut = open.filter(({ items, sizes }) => sizes.length < items.length);
  return {
    ...answer,
    ...Object.fromEntries(
      cut.map(({ list, from, items, sizes: { length } }) => [
        list,
        from === 'start' ? items.slice(items.length - length) : items.slice(0, length),
      ]),
    ),
    shortened: Object.fromEntries(
      cut.map(({ list, items, sizes, rest }) => [list, `${sizes.length} of ${items.length}; ${rest}`]),
    ),
  };
}

/** How many of the first items of a list fit into so many characters, at least one. */
export function itemsThatFit(items: readonly unknown[], most: number): number {
  let size = 2;
  const at = items.findIndex((item) => {
    size += sizeOf(item) + 1;
    return size > most;
  });
  return at === -1 ? items.length : Math.max(1, at);
}

/** Without the fields that are null: what is left out is null. */
export function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([, inner]) => inner !== null);
  return Object.fromEntries(kept.map(([name, inner]) => [name, withoutNulls(inner)]));
}

function shortTexts(value: unknown): unknown {
  if (typeof value === 'string' && value.length > LONGEST_TEXT)
    return `${value.slice(0, LONGEST_TEXT)}… (${value.length} characters)`;
  if (Array.isArray(value)) return value.map(shortTexts);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shortTexts(inner)]));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

export function sizeOf(value: unknown): number {
  return JSON.stringify(value)?.length ?? 0;
}
