import type { PageElement } from '../lib/page.ts';
import { getClasses, getStableClasses } from './dom-helpers.ts';
import { findGroups, type Group, MIN_ROWS } from './find-groups.ts';
import {
  countText,
  getMean,
  getScore,
  measureContent,
  measureCounts,
  type ScoredGroup,
} from './group-score.ts';
import { findMainPart } from './main-part.ts';
import { contains, type OutlineNode, type PageAreas } from './outline.ts';

/** Tags that start a row if no element contains the whole row. */
const HEADING_TAGS = new Set(['h2', 'h3', 'h4', 'h5', 'h6', 'dt']);
/** The minimum share of rows that must have content after their first element. */
const MIN_FOLLOWED_SHARE = 0.8;

/**
 * Finds rows that no element contains: a heading with a link, a `dt`, or a table row, each with everything up to the
 * next one. Their counts include these following elements.
 */
function findHeadedGroups(outline: readonly OutlineNode[]): Group[] {
  const children = new Map<OutlineNode, OutlineNode[]>();
  for (const outlined of outline) {
    if (outlined.parent === null) continue;
    const siblings = children.get(outlined.parent);
    if (siblings === undefined) children.set(outlined.parent, [outlined]);
    else siblings.push(outlined);
  }
  return [...children.values()].flatMap((siblings) =>
    [...findHeads(siblings).values()].flatMap((heads) => toHeadedGroup(siblings, heads) ?? []),
  );
}

/** Returns the positions of possible first elements among siblings, by kind. */
function findHeads(siblings: readonly OutlineNode[]): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const [at, { element }] of siblings.entries()) {
    const keys = HEADING_TAGS.has(element.name) ? [element.name] : getLines(element);
    for (const key of keys) {
      const places = found.get(key);
      if (places === undefined) found.set(key, [at]);
      else places.push(at);
    }
  }
  return found;
}

function getLines(element: PageElement): string[] {
  return element.name === 'tr' ? getClasses(element).map((name) => `tr.${name}`) : [];
}

function toHeadedGroup(siblings: readonly OutlineNode[], heads: readonly number[]): Group | undefined {
  if (heads.length < MIN_ROWS) return undefined;
  const gaps = heads.slice(1).map((head, at) => head - (heads[at] ?? 0) - 1);
  const usual = gaps.toSorted((one, other) => one - other)[gaps.length >> 1] ?? 0;
  // The end of the last row is unknown: the usual length is assumed.
  const tails = heads.map((head, at) => siblings.slice(head + 1, head + 1 + (gaps[at] ?? usual)));
  const rows = heads.flatMap((head, at) => mergeTail(siblings[head], tails[at] ?? []));
  const followed = tails.filter((tail) => tail.some(({ text, pictures }) => text + pictures > 0)).length;
  if (followed < heads.length * MIN_FOLLOWED_SHARE || !areHeads(siblings, heads, tails)) return undefined;
  return {
    rows,
    tails: new Map(rows.map(({ element }, at) => [element, (tails[at] ?? []).map((each) => each.element)])),
  };
}

function mergeTail(head: OutlineNode | undefined, tail: readonly OutlineNode[]): OutlineNode[] {
  if (head === undefined) return [];
  const whole = { ...head, end: tail.at(-1)?.end ?? head.end };
  for (const count of ['text', 'linked', 'pieces', 'links', 'pictures', 'headings', 'controls'] as const)
    for (const each of tail) whole[count] += each[count];
  return [whole];
}

/** With fewer of them, sections may be alike by chance. */
const MIN_ALIKE = 5;
const MAX_TAIL = 6;

/** Whether the same elements follow each heading, as in a list of functions; the last tail may have more. */
function areAllAlike(tails: readonly OutlineNode[][]): boolean {
  const kinds = tails.map((tail) =>
    tail.map(({ element }) => [element.name, ...getStableClasses(element)].join('.')).join(' '),
  );
  const [first = ''] = kinds;
  const size = tails[0]?.length ?? 0;
  return (
    tails.length >= MIN_ALIKE &&
    size > 1 &&
    size <= MAX_TAIL &&
    kinds.slice(0, -1).every((kind) => kind === first)
  );
}

/** Excludes headings of a text, which have no links, and table rows that are all built alike. */
function areHeads(
  siblings: readonly OutlineNode[],
  heads: readonly number[],
  tails: readonly OutlineNode[][],
): boolean {
  const first = siblings[heads[0] ?? 0];
  if (first?.element.name === 'dt') return true;
  const linked = heads.filter((head) => (siblings[head]?.links ?? 0) > 0).length;
  if (linked < heads.length * MIN_FOLLOWED_SHARE && !areAllAlike(tails)) return false;
  return tails.every(([next], at) => {
    const head = siblings[heads[at] ?? 0];
    return (
      next === undefined ||
      head?.element.name !== 'tr' ||
      head.pieces !== next.pieces ||
      head.links !== next.links
    );
  });
}

/** Only this many groups are examined in detail; the counts of the others already rule them out. */
const MAX_READ_GROUPS = 40;

/** Returns all groups of a page that may be its rows, the best first. */
export function rankGroups(outline: readonly OutlineNode[], areas: PageAreas): ScoredGroup[] {
  const pageText = outline[0]?.text ?? 0;
  const counted = (group: Group) => {
    const signals = { ...measureCounts(group, areas, pageText), regularity: 0, fields: 0 };
    return { ...group, signals, score: getScore(signals) };
  };
  const likely = [...findGroups(outline), ...findHeadedGroups(outline)]
    .filter(({ rows }) => getMean(rows, ({ text }) => text) >= 2)
    .map(counted)
    .sort(compareScores)
    .slice(0, MAX_READ_GROUPS);
  const parts = likely.flatMap((group) => findMainPart(group, areas) ?? []).map(counted);
  const scored = [...likely, ...parts].flatMap((group) => {
    const read = measureContent(group);
    return read === undefined ? [] : [{ ...group, signals: { ...group.signals, ...read } }];
  });
  return removeDuplicates(preferInner(scored).sort(compareScores));
}

function compareScores(one: ScoredGroup, other: ScoredGroup): number {
  return other.score - one.score;
}

/** Marks groups that are a part of another group's rows, or that contain another group's rows. */
function preferInner(groups: readonly Omit<ScoredGroup, 'score'>[]): ScoredGroup[] {
  const signals = new Map(groups.map((group) => [group, { ...group.signals }]));
  for (const outer of groups) {
    for (const inner of groups) {
      if (inner === outer) continue;
      if (isSelection(inner, outer)) (signals.get(inner) ?? inner.signals).part = 1;
      if (isListInOneOf(outer, inner)) (signals.get(outer) ?? outer.signals).sections = 1;
      const share = getShareWithin(inner, outer);
      if (share === undefined) continue;
      const isWhole = share >= 0.7 && inner.signals.fields >= 0.5;
      if (isWhole) (signals.get(outer) ?? outer.signals).sections = 1;
      else if (outer.signals.fields > 0.3 && outer.signals.furniture < 0.5)
        (signals.get(inner) ?? inner.signals).part = 1;
    }
  }
  return groups.map((group) => {
    const all = signals.get(group) ?? group.signals;
    return { ...group, signals: all, score: getScore(all) };
  });
}

/** Whether all rows of a list are in one of a few elements, and are most of their text: these are parts of the page. */
function isListInOneOf(outer: Group, inner: Omit<ScoredGroup, 'score'>): boolean {
  const [first] = inner.rows;
  const last = inner.rows.at(-1);
  if (first === undefined || last === undefined || inner.rows.length < outer.rows.length) return false;
  const around = outer.rows.find((row) => contains(row, first) && contains(row, last));
  return (
    around !== undefined &&
    inner.signals.furniture < 0.5 &&
    inner.signals.fields > 0.3 &&
    countText(inner) >= countText(outer) / 2
  );
}

/** The minimum share of rows outside a selection: more than a few strays. */
const MIN_OTHERS = 0.3;

/** Whether a group is a selection, such as every other row, of another group that is as regular. */
function isSelection(inner: Omit<ScoredGroup, 'score'>, outer: Omit<ScoredGroup, 'score'>): boolean {
  const [first, last] = [inner.rows[0]?.at ?? 0, inner.rows.at(-1)?.at ?? 0];
  const others = outer.rows.length - inner.rows.length;
  // Most pairs of groups have no row in common. A page may have 80 groups with thousands of rows each.
  if (others <= 0 || !isSubset(inner.rows, outer.rows)) return false;
  const selected = new Set(inner.rows);
  const left = outer.rows.filter((row) => !selected.has(row));
  if (isUnmarked(left, inner)) return true;
  if (others < outer.rows.length * MIN_OTHERS) return false;
  if (outer.signals.regularity < inner.signals.regularity * 0.85) return false;
  const between = left.filter((row) => row.at > first && row.at < last);
  if (between.length < others / 2 || outer.signals.fields < inner.signals.fields * 0.85) return false;
  return (
    isAlike(between, inner.rows, ({ pieces }) => pieces) && isAlike(between, inner.rows, ({ links }) => links)
  );
}

/** Whether all rows are among others. Both are in document order. */
function isSubset(rows: readonly OutlineNode[], others: readonly OutlineNode[]): boolean {
  let at = 0;
  return rows.every((row) => {
    while (at < others.length && (others[at]?.at ?? 0) < row.at) at += 1;
    return others[at] === row;
  });
}

/** Whether the rows outside a selection have only state classes, such as `sticky`, and the same structure. */
function isUnmarked(others: readonly OutlineNode[], inner: Group): boolean {
  return (
    others.every(({ element }) => getClasses(element).length > 0 && getStableClasses(element).length === 0) &&
    isAlike(others, inner.rows, ({ pieces }) => pieces) &&
    isAlike(others, inner.rows, ({ links }) => links)
  );
}

function isAlike(
  some: readonly OutlineNode[],
  others: readonly OutlineNode[],
  of: (row: OutlineNode) => number,
): boolean {
  const [one, other] = [getMean(some, of), getMean(others, of)];
  return Math.max(one, other) <= Math.min(one, other) * 1.6;
}

/** Returns the share of the outer rows' text in the inner rows; undefined unless most outer rows hold several. */
function getShareWithin(inner: Group, outer: Group): number | undefined {
  if (inner.rows.length < outer.rows.length * 1.3) return undefined;
  let within = 0;
  let text = 0;
  const holding = new Set<OutlineNode>();
  let at = 0;
  for (const row of inner.rows) {
    while (at < outer.rows.length && (outer.rows[at]?.end ?? 0) < row.at) at += 1;
    const around = outer.rows[at];
    if (around === undefined || !contains(around, row)) continue;
    within += 1;
    text += row.text;
    holding.add(around);
  }
  if (within < inner.rows.length * 0.8 || holding.size < outer.rows.length * 0.5) return undefined;
  return text / Math.max(1, countText(outer));
}

/** Drops groups that are the same list as a better group (one in each row), or a part of it. */
function removeDuplicates(groups: readonly ScoredGroup[]): ScoredGroup[] {
  const kept: ScoredGroup[] = [];
  const known: ReadonlySet<OutlineNode>[] = [];
  for (const group of groups) {
    const isDuplicate = kept.some((better, at) => {
      const isPart = group.rows.every((row) => known[at]?.has(row));
      return isPart || countPairs(group, better) >= 0.9 * Math.max(group.rows.length, better.rows.length);
    });
    if (isDuplicate) continue;
    kept.push(group);
    known.push(new Set(group.rows));
  }
  return kept;
}

/** Counts the one-to-one pairs: a row of one group that is, contains or is inside a row of the other. */
function countPairs(one: Group, other: Group): number {
  const paired = new Set<OutlineNode>();
  let at = 0;
  for (const row of one.rows) {
    while (at < other.rows.length && (other.rows[at]?.end ?? 0) < row.at) at += 1;
    const near = other.rows[at];
    if (near !== undefined && (near.at === row.at || contains(near, row) || contains(row, near)))
      paired.add(near);
  }
  return paired.size;
}
