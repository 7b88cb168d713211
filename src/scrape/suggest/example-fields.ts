import { toAbsoluteUrl } from '../extract/read-link.ts';
import { getText, isElement, isWithin, queryCss, select } from '../extract/select.ts';
import type { Page, PageElement } from '../lib/page.ts';
import { matchPattern } from '../parsers/match-pattern.ts';
import { parseValue } from '../parsers/parse-value.ts';
import type { Mark, MarkIndex } from './element-marks.ts';
import { findPartPattern, matchesPattern } from './example-pattern.ts';
import type { ExampleRows } from './example-rows.ts';
import { getExtent, listBetween, sampleRows } from './example-rows.ts';
import type { Example, Hit } from './find-examples.ts';
import { type GuessedType, guessType } from './guess-type.ts';
import type { PageText } from './page-text.ts';
import { createPlaceSelectors } from './place-selectors.ts';

/** A selector that holds an example, with what it takes from the page's rows. */
export interface SelectorCandidate {
  /** Relative to the row; of the whole page if there are no rows. */
  selector: string;
  attribute: string | null;
  /** The type as which all values can be read. */
  type?: GuessedType;
  /** Whether the value equals the example only if it is read as the type. */
  needsType: boolean;
  /** The pattern that takes the example from a longer text. */
  regex?: string;
  /** Elements that it matches within the rows. */
  matched: number;
  /** The number of rows that were examined. */
  rows: number;
  /** The share of these rows in which it has a value, in percent. */
  filledPercent: number;
  /** The first values, before they are read as the type. */
  samples: string[];
  /** On how many earlier pages it has such a value in most rows; `of` counts those that have the rows at all. */
  holdsOn: { pages: number; of: number };
  why: string;
}

/** Where candidates are searched: the page, and its rows if there are any. */
export interface FieldSearch {
  page: Page;
  text: PageText;
  index: MarkIndex;
  rows: ExampleRows | undefined;
  earlierPages: readonly Page[];
}

const MAX_CANDIDATES = 3;
const MAX_SOURCES = 8;
/** First all candidates are tried on few rows, then the best on more. */
const FIRST_ROWS = 24;
const MAX_ROWS = 300;
const MAX_FINALISTS = 8;
/** Headings before the rows: XPath looks for them in the whole page, row by row. */
const MAX_BEFORE = 2;
const MAX_ROWS_OF_XPATH = 20;
/** For a selector that held on all earlier pages: the rows of the present page count 7. */
const HELD_WEIGHT = 4;
const MAX_SAMPLES = 3;
const MAX_SAMPLE = 80;

/** Returns the best selectors of an example, at most three; none if it is not in the rows (on the page). */
export function findCandidates(
  search: FieldSearch,
  example: Example,
  hits: readonly Hit[],
): SelectorCandidate[] {
  const { page, rows } = search;
  const few = rows && sampleRows(rows.rows, FIRST_ROWS);
  const tried = findSources(search, hits).flatMap(({ hit, row }) =>
    createPlaceSelectors(hit.element, row, page.isXml).flatMap((mark): Trial[] => {
      if (!takesFirst(search, mark, hit.element, row)) return [];
      const trial = { mark, hit, row, quality: hit.quality };
      return [{ ...trial, score: few === undefined ? scoreAlone(trial) : scoreInRows(page, trial, few) }];
    }),
  );
  const finalists = chooseDifferent(tried, MAX_FINALISTS).map((trial) => {
    const candidate = describeCandidate(search, example, trial);
    const { pages, of } = candidate.holdsOn;
    // More than any difference in stability: what held is better than what looks as if it would hold.
    const held = of === 0 ? 0 : (HELD_WEIGHT * pages) / of;
    return { ...trial, candidate, score: trial.score + held + (3 * candidate.filledPercent) / 100 };
  });
  return chooseDifferent(finalists, MAX_CANDIDATES).map(({ candidate }) => candidate);
}

interface Trial {
  mark: Mark;
  hit: Hit;
  /** The row of the example. */
  row: PageElement | undefined;
  score: number;
}

/** Returns the elements that hold the example: in the row of most examples, else in another row. */
function findSources(
  { text, rows }: FieldSearch,
  hits: readonly Hit[],
): { hit: Hit; row: PageElement | undefined }[] {
  if (rows === undefined)
    return chooseSurest(hits).flatMap((hit) =>
      withWrappers(text, hit, undefined).map((each) => ({ hit: each, row: undefined })),
    );
  const inRow = (row: PageElement) => {
    const { first, last } = getExtent(text, row, rows.rows);
    return listBetween(hits, first, last);
  };
  const home = [rows.anchor, ...rows.rows.slice(0, MAX_ROWS)].find((row) => inRow(row).length > 0);
  if (home === undefined) {
    const before = hits.filter(({ at }) => at < text.numberOf(rows.anchor)).slice(-MAX_BEFORE);
    return chooseSurest(before).map((hit) => ({ hit, row: rows.anchor }));
  }
  return chooseSurest(inRow(home)).flatMap((hit) =>
    withWrappers(text, hit, home).map((each) => ({ hit: each, row: home })),
  );
}

/** Another number of the same amount is no candidate where the example itself is. */
function chooseSurest(hits: readonly Hit[]): Hit[] {
  const sorted = hits.toSorted((one, other) => other.quality - one.quality).slice(0, MAX_SOURCES);
  const hasExact = sorted.some(({ kind }) => kind === 'text' || kind === 'attribute');
  return sorted.filter(({ kind }) => !hasExact || !READINGS.has(kind));
}

const READINGS: ReadonlySet<string> = new Set(['number', 'price', 'date']);

/** Adds the elements around a text that hold nothing else: `h3` for the link in it. */
function withWrappers(text: PageText, hit: Hit, row: PageElement | undefined): Hit[] {
  const found = [hit];
  if (hit.attribute !== null || hit.kind === 'part') return found;
  for (let { parent } = hit.element; isElement(parent); parent = parent.parent) {
    if (text.lengthOf(parent) !== text.lengthOf(hit.element) || parent.name === 'body' || found.length > 2)
      break;
    found.push({ ...hit, element: parent, quality: hit.quality - 0.01 * found.length });
    if (parent === row) break;
  }
  return found;
}

/** A field takes the first match of its row. Without rows, two matches would be two rows. */
function takesFirst(
  { page, index, rows }: FieldSearch,
  mark: Mark,
  element: PageElement,
  row: PageElement | undefined,
): boolean {
  if (rows !== undefined) return selectIn(page, mark.css, row)[0] === element;
  const found = mark.key === '' ? select(page, mark.css) : index.select(mark);
  return found.length === 1 && found[0] === element;
}

function scoreAlone({ mark, hit }: Omit<Trial, 'score'>): number {
  const isInHead = hit.element.name === 'title' || hit.element.name === 'meta' || hit.element.name === 'link';
  return 6 * hit.quality + 0.6 * mark.stability - lengthPenalty(mark) - (isInHead ? 2 : 0);
}

function scoreInRows(page: Page, { mark, hit }: Omit<Trial, 'score'>, rows: readonly PageElement[]): number {
  let filled = 0;
  let several = 0;
  let cut = 0;
  for (const row of rows) {
    const found = selectIn(page, mark.css, row);
    const value = found[0] === undefined ? '' : readValue(page, found[0], hit.attribute);
    if (value !== '') filled += 1 / rows.length;
    if (found.length > 1) several += 1 / rows.length;
    if (/(?:…|\.\.\.)$/.test(value)) cut += 1 / rows.length;
  }
  return (
    6 * hit.quality +
    4 * filled +
    0.6 * mark.stability -
    0.6 * several -
    (cut > 0 ? 1.5 + cut : 0) -
    lengthPenalty(mark)
  );
}

/** Of selectors that are as good, the shorter one. */
function lengthPenalty({ css }: Mark): number {
  return Math.min(1, css.length / 200);
}

/** Chooses the best: of several selectors for the same value the second one counts less. */
function chooseDifferent<T extends Trial>(trials: readonly T[], max: number): T[] {
  const chosen: T[] = [];
  const left = trials.toSorted((one, other) => other.score - one.score);
  const worth = (trial: T) => {
    const same = chosen.filter(
      ({ hit }) => hit.attribute === trial.hit.attribute && isSamePlace(hit.element, trial.hit.element),
    );
    return trial.score - 0.5 * same.length;
  };
  while (chosen.length < max && left.length > 0) {
    const best = left.reduce((one, other) => (worth(other) > worth(one) ? other : one));
    left.splice(left.indexOf(best), 1);
    const isLonger = chosen.some(
      ({ mark, hit }) => hit.attribute === best.hit.attribute && ` ${best.mark.css}`.endsWith(` ${mark.css}`),
    );
    const isFragile =
      best.mark.why.startsWith('position') &&
      chosen.some(({ hit }) => isSamePlace(hit.element, best.hit.element));
    if (!isLonger && !isFragile) chosen.push(best);
  }
  return chosen;
}

function isSamePlace(one: PageElement, other: PageElement): boolean {
  return isWithin(one, other) || isWithin(other, one);
}

function describeCandidate(
  { page, rows, earlierPages }: FieldSearch,
  example: Example,
  { mark, hit }: Trial,
): SelectorCandidate {
  const most = mark.css.startsWith('xpath:') ? MAX_ROWS_OF_XPATH : MAX_ROWS;
  const looked = rows?.rows.slice(0, most) ?? [undefined];
  const matches = looked.map((row) => selectIn(page, mark.css, row));
  const values = matches.flatMap(([first]) => {
    const value = first === undefined ? '' : readValue(page, first, hit.attribute);
    return value === '' ? [] : [value];
  });
  const type = hit.attribute === 'href' || hit.attribute === 'src' ? undefined : findType(hit, values);
  const needsType = READINGS.has(hit.kind);
  const regex =
    hit.kind === 'part'
      ? findPartPattern(readValue(page, hit.element, hit.attribute), example.value, values)
      : undefined;
  const filled = regex === undefined ? values : values.filter((value) => matchesPattern(regex, value));
  return {
    selector: mark.css,
    attribute: hit.attribute,
    ...(type !== undefined && { type }),
    needsType,
    ...(regex !== undefined && { regex }),
    matched: matches.reduce((sum, found) => sum + found.length, 0),
    rows: looked.length,
    filledPercent: Math.floor((100 * filled.length) / looked.length),
    samples: filled.slice(0, MAX_SAMPLES).map((value) => cutSample(takePart(regex, value))),
    holdsOn: countHolding(earlierPages, rows?.item.css, mark.css, hit.attribute, (value) =>
      regex === undefined ? isReadable(type, value) : matchesPattern(regex, value),
    ),
    why: describeReason(mark, hit, regex),
  };
}

function takePart(regex: string | undefined, value: string): string {
  const taken = regex === undefined ? { value } : matchPattern(regex, value);
  return 'value' in taken ? taken.value : value;
}

function findType(hit: Hit, values: readonly string[]): GuessedType | undefined {
  if (hit.kind === 'number') return 'number';
  if (hit.kind === 'price' || hit.kind === 'date') return hit.kind;
  return guessType(values);
}

function describeReason({ why }: Mark, { kind, attribute }: Hit, regex: string | undefined): string {
  const held = attribute === null ? '' : `, attribute ${attribute}`;
  if (kind === 'part')
    return `${why}${held}; holds the example in a longer text${regex === undefined ? '' : ', cut out by regex'}`;
  if (READINGS.has(kind)) return `${why}${held}; the same ${kind}, written differently`;
  return why + held;
}

/** Counts the earlier pages on which a selector has such a value in most of the rows; those without rows say nothing. */
function countHolding(
  pages: readonly Page[],
  item: string | undefined,
  selector: string,
  attribute: string | null,
  isSuch: (value: string) => boolean,
): SelectorCandidate['holdsOn'] {
  const held = pages.flatMap((page) => {
    const rows = item === undefined ? [undefined] : select(page, item).slice(0, FIRST_ROWS);
    const filled = rows.filter((row) => {
      const [first] = selectIn(page, selector, row);
      const value = first === undefined ? '' : readValue(page, first, attribute);
      return value !== '' && isSuch(value);
    });
    return rows.length === 0 ? [] : [filled.length * 2 > rows.length];
  });
  return { pages: held.filter(Boolean).length, of: held.length };
}

/** Whether a text can be read as a type: in the old place of a price, there may be another value. */
function isReadable(type: GuessedType | undefined, value: string): boolean {
  if (type === undefined) return true;
  // The number of a name, such as Post 2, can be read as an amount.
  const isNamed = type !== 'date' && /\p{L}{4}/u.test(value);
  return !isNamed && 'value' in parseValue(type, value, undefined);
}

/** Selects in a row as a run does (extract/row-roots.ts), but without compiling a selector again for each row. */
function selectIn(page: Page, selector: string, row: PageElement | undefined): PageElement[] {
  if (row === undefined || selector.startsWith('xpath:') || selector.includes('|'))
    return select(page, selector, row);
  // A selector that says nothing relative to the row may match the row itself.
  const found = queryCss(selector.includes(':') ? row.children : [row], selector, page.isXml);
  return found === undefined ? select(page, selector, row) : found.filter(isElement);
}

/** Returns the text or an attribute of an element as a run takes it. */
function readValue(page: Page, element: PageElement, attribute: string | null): string {
  const raw = attribute === null ? getText(element) : (element.attribs[attribute] ?? '');
  const value = raw.replaceAll(/\s+/g, ' ').trim();
  return attribute === 'href' || attribute === 'src' ? toAbsoluteUrl(page, value) : value;
}

function cutSample(value: string): string {
  const characters = Array.from(value.slice(0, 4 * MAX_SAMPLE));
  return characters.length > MAX_SAMPLE ? `${characters.slice(0, MAX_SAMPLE - 1).join('')}…` : value;
}
