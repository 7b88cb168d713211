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
  for (const { list, from, rest } of lists) {
    const items = fitted[list];
    if (sizeOf(fitted) <= most) break;
    if (!Array.isArray(items) || items.length === 0) continue;
    const shown = (count: number): Fields => ({
      ...fitted,
      [list]: from === 'start' ? items.slice(items.length - count) : items.slice(0, count),
      shortened: { ...(fitted['shortened'] as Fields), [list]: `${count} of ${items.length}; ${rest}` },
    });
    fitted = shown(mostThat(items.length - 1, (count) => sizeOf(shown(count)) <= most));
  }
  return fitted;
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

/** The largest count up to `top` that fits, 0 when none does. */
function mostThat(top: number, fits: (count: number) => boolean): number {
  let low = 0;
  let high = top;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

export function sizeOf(value: unknown): number {
  return JSON.stringify(value)?.length ?? 0;
}
