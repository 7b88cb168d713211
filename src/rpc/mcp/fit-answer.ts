import { type Cut, cutValues } from './cut-values.ts';

type Fields = Record<string, unknown>;

/** A list of an answer that may be shortened, and how a model gets the rest. */
export interface Shortenable {
  list: string;
  /** Which end goes first: of a log the oldest lines, of anything else the last items. */
  from: 'start' | 'end';
  rest: string;
}

export interface Fitting {
  lists: readonly Shortenable[];
  /** A list that goes on at a cursor: all of its items stay. */
  pages?: string | undefined;
  /** Fields that are what was asked for: they stay as they are. */
  keep?: readonly string[] | undefined;
  /** How a model gets all of what is cut in texts and in the lists within fields. */
  rest?: string | undefined;
}

/** What is kept of texts, lists and objects within an answer that is too long; the next one where that is still too much. */
const CUTS: readonly Cut[] = [
  { text: 400, entries: 20, fields: 60 },
  { text: 120, entries: 5, fields: 60 },
  { text: 40, entries: 2, fields: 45 },
];

/**
 * The answer in at most `most` bytes of JSON, as far as that is possible: fields that are null go first, then what is too
 * long of texts and of lists within fields, then whole items of lists, never half of one. What went is said in
 * `shortened`.
 */
export function fitAnswer(answer: Fields, most: number, fitting: Fitting): Fields {
  if (sizeOf(answer) <= most) return answer;
  const whole = withoutNulls(answer) as Fields;
  if (sizeOf(whole) <= most) return whole;
  let fitted = whole;
  for (const cut of CUTS) {
    fitted = shortened(cutFields(whole, cut, fitting), most, fitting.lists);
    if (sizeOf(fitted) <= most) break;
  }
  return fitted;
}

/** An item of a list as it is in an answer that is too long otherwise. */
export function cutItem(item: unknown): unknown {
  const [cut] = CUTS;
  return cut === undefined ? item : cutValues(withoutNulls(item), cut);
}

function cutFields(answer: Fields, cut: Cut, { lists, pages, keep = [], rest }: Fitting): Fields {
  const isList = (name: string) => name === pages || lists.some(({ list }) => list === name);
  let isCut = false;
  const fields = Object.entries(answer).map(([name, value]) => {
    if (keep.includes(name)) return [name, value];
    // Of these whole items go, if any do.
    const kept =
      isList(name) && Array.isArray(value)
        ? value.map((item) => cutValues(item, cut))
        : cutValues(value, cut);
    isCut ||= JSON.stringify(kept) !== JSON.stringify(value);
    return [name, kept];
  });
  const note = isCut && rest !== undefined ? { shortened: { rest } } : {};
  return { ...Object.fromEntries(fields), ...note };
}

/** A list that is being shortened, with the size of each of its items, the next one to go last. */
interface Shortening extends Shortenable {
  items: readonly unknown[];
  sizes: number[];
}

/** Takes items away one by one, always from the list that is the longest by then. */
function shortened(answer: Fields, most: number, lists: readonly Shortenable[]): Fields {
  if (sizeOf(answer) <= most) return answer;
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
  if (cut.length === 0) return answer;
  return {
    ...answer,
    ...Object.fromEntries(
      cut.map(({ list, from, items, sizes: { length } }) => [
        list,
        from === 'start' ? items.slice(items.length - length) : items.slice(0, length),
      ]),
    ),
    shortened: {
      ...(answer['shortened'] as Fields | undefined),
      ...Object.fromEntries(
        cut.map(({ list, items, sizes, rest }) => [list, `${sizes.length} of ${items.length}; ${rest}`]),
      ),
    },
  };
}

/** Without the fields that are null: what is left out is null. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([, inner]) => inner !== null);
  return Object.fromEntries(kept.map(([name, inner]) => [name, withoutNulls(inner)]));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

/** Bytes of its JSON. */
export function sizeOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? '');
}
