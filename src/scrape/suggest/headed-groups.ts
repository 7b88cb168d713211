import type { PageElement } from '../lib/page.ts';
import { getClasses } from './class-names.ts';
import { type Group, MIN_ROWS } from './find-groups.ts';
import type { OutlineNode } from './outline.ts';

/** What begins a row where no element holds it. */
const HEADING_TAGS = new Set(['h2', 'h3', 'h4', 'h5', 'h6', 'dt']);
/** So many of the rows have to be more than what begins them. */
const MIN_FOLLOWED_SHARE = 0.8;

/**
 * Rows that no element holds: a heading with a link, a `dt`, or a line of a table, each with what follows it up to the next
 * one. Their texts and pictures are those of all of it.
 */
export function findHeadedGroups(outline: readonly OutlineNode[]): Group[] {
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

/** Where among siblings those stand that are of one kind. */
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
  // Nobody says where the last row ends: it is as long as the others.
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

/** Headings of a text have no links, and every other line of a table is built as the one before it. */
function areHeads(
  siblings: readonly OutlineNode[],
  heads: readonly number[],
  tails: readonly OutlineNode[][],
): boolean {
  const first = siblings[heads[0] ?? 0];
  if (first?.element.name === 'dt') return true;
  const linked = heads.filter((head) => (siblings[head]?.links ?? 0) > 0).length;
  if (linked < heads.length * MIN_FOLLOWED_SHARE) return false;
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
