import { getDescendants, getStableClasses } from './dom-helpers.ts';
import { type Group, MIN_ROWS } from './find-groups.ts';
import { countText, getMean, SAMPLED_ROWS } from './group-score.ts';
import { getNameTokens, isInMainContent, type OutlineNode, type PageAreas } from './outline.ts';

/** How many levels above a row to search for the element that contains one of several lists. */
const MAX_LEVELS = 3;
/** The minimum share of the rows' text in the main part. */
const MIN_TEXT = 0.6;
/** The minimum share for a structure to count as common. */
const MIN_COMMON = 0.6;
/** Lines of text and single words are two lists; the lengths in one list differ less. */
const MAX_LONGER = 2.5;
const SIDE_NAME = /^(?:right|left|side|rail|secondary)$/;

interface Part {
  readonly rows: readonly OutlineNode[];
  readonly container: OutlineNode;
}

/**
 * Returns the main one if elements of one kind form two lists, such as the cards of a page and those in its sidebar:
 * the part that contains most of the text. One list in several parts, by days or by lines of a grid, is not split.
 * @returns undefined if they are one list
 */
export function findMainPart(group: Group, areas: PageAreas): Group | undefined {
  if (group.tails !== undefined) return undefined;
  const enough = countText(group) * MIN_TEXT;
  for (let up = 1; up <= MAX_LEVELS; up += 1) {
    const parts = splitIntoParts(group.rows, up);
    const main = parts.find(({ rows }) => countText({ rows }) >= enough);
    if (main === undefined) continue;
    const others = parts.filter((part) => part !== main);
    const isList = others.length > 0 && main.rows.length >= MIN_ROWS;
    return isList && areOtherLists(main, others, areas) ? { rows: main.rows } : undefined;
  }
  return undefined;
}

/** Groups the rows by their ancestor at the given distance. */
function splitIntoParts(rows: readonly OutlineNode[], up: number): Part[] {
  const parts = new Map<OutlineNode, OutlineNode[]>();
  for (const row of rows) {
    let container: OutlineNode | null = row;
    for (let step = 0; step < up; step += 1) container = container?.parent ?? null;
    if (container === null) return [];
    const known = parts.get(container);
    if (known === undefined) parts.set(container, [row]);
    else known.push(row);
  }
  return [...parts].map(([container, each]) => ({ container, rows: each }));
}

function areOtherLists(main: Part, others: readonly Part[], areas: PageAreas): boolean {
  const rest = others.flatMap(({ rows }) => rows);
  if (haveDifferentStructure(main.rows, rest)) return true;
  if (rest.length >= main.rows.length) return false;
  if (main.rows.every(isInMainContent) && !rest.some(isInMainContent)) return true;
  const around = new Set(getContainers(main.container));
  const isBeside = ({ container }: Part) =>
    getContainers(container).some(
      (each) => !around.has(each) && getNameTokens(each).some((word) => SIDE_NAME.test(word)),
    );
  if (others.every((part) => isBeside(part)) && !getContainers(main.container).some(hasSideName)) return true;
  const furniture = (rows: readonly OutlineNode[]) => getMean(rows, (row) => areas.getBoilerplateScore(row));
  if (furniture(rest) >= 0.5 && furniture(main.rows) < 0.5) return true;
  // A marked part above a list belongs to it. A part below it with another name is another list.
  const [other] = others;
  return others.length === 1 && other !== undefined && hasOtherName(main, other);
}

function hasOtherName(main: Part, other: Part): boolean {
  const [one, two] = [main, other].map(({ container: { element } }) =>
    [element.name, ...getStableClasses(element)].join('.'),
  );
  return one !== two && other.container.at > main.container.end;
}

function getContainers(container: OutlineNode): OutlineNode[] {
  const found: OutlineNode[] = [];
  for (let each: OutlineNode | null = container; each !== null; each = each.parent) found.push(each);
  return found;
}

function hasSideName(outlined: OutlineNode): boolean {
  return getNameTokens(outlined).some((word) => SIDE_NAME.test(word));
}

/** Whether most of the others lack the rows' usual structure, or are single words while the rows are lines of text. */
function haveDifferentStructure(rows: readonly OutlineNode[], others: readonly OutlineNode[]): boolean {
  const [some, rest] = [rows.slice(0, SAMPLED_ROWS), others.slice(0, SAMPLED_ROWS)];
  const text = (of: readonly OutlineNode[]) => getMean(of, (row) => row.text);
  if (text(some) > text(rest) * MAX_LONGER) return true;
  const counts = new Map<string, number>();
  for (const row of some) for (const name of getPartNames(row)) counts.set(name, (counts.get(name) ?? 0) + 1);
  const usual = [...counts].filter(([, count]) => count >= some.length * MIN_COMMON).map(([name]) => name);
  const unlike = rest.filter((row) => {
    const has = getPartNames(row);
    return usual.filter((name) => has.has(name)).length < usual.length * MIN_COMMON;
  });
  return unlike.length > rest.length / 2;
}

function getPartNames({ element }: OutlineNode): Set<string> {
  const names = [...getDescendants(element)].map((each) =>
    each.parent !== null && 'name' in each.parent ? `${each.parent.name} > ${each.name}` : each.name,
  );
  return new Set(names);
}
