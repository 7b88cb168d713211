import type { PageElement } from '../lib/page.ts';
import { getClasses, getStableClasses } from './dom-helpers.ts';
import type { OutlineNode } from './outline.ts';

/** Elements of a page that may be its rows. */
export interface Group {
  readonly rows: readonly OutlineNode[];
  /** Elements that follow each row's element and belong to the row, if no element contains both. */
  readonly tails?: Tails;
}

export type Tails = ReadonlyMap<PageElement, readonly PageElement[]>;

export const MIN_ROWS = 3;

/** Tags that contain only a part of a row, or nothing. */
const NON_ROW_TAGS = new Set(
  'th col colgroup caption thead tbody tfoot option optgroup br hr img picture source wbr input label textarea button b i em strong small sup sub u s code kbd font abbr dd body time path link meta'.split(
    ' ',
  ),
);

/**
 * Returns everything that repeats on a page: elements of one kind in parents of one kind, also only those of them that
 * share a class, and elements anywhere that share a class. Classes that vary from row to row do not make different
 * kinds. Each set of elements is returned once.
 */
export function findGroups(outline: readonly OutlineNode[]): Group[] {
  const kinds = new Kinds(outline);
  const families = new Map<string, OutlineNode[]>();
  const classes = new Map<string, OutlineNode[]>();
  for (const outlined of outline) {
    const { element, parent } = outlined;
    if (parent === null || NON_ROW_TAGS.has(element.name) || (outlined.text === 0 && outlined.pictures === 0))
      continue;
    const tag = getTag(outlined);
    const family = `${kinds.of(parent.parent)} ${kinds.of(parent)} ${tag}`;
    addToGroup(families, family, outlined);
    for (const name of new Set(getClasses(element))) {
      addToGroup(families, `${family}.${name}`, outlined);
      addToGroup(classes, `${tag}.${name}`, outlined);
    }
  }
  const groups: Group[] = [];
  const known = new Map<string, Group[]>();
  for (const rows of [...families.values(), ...classes.values()]) {
    for (const level of rows.length < MIN_ROWS ? [] : splitByLevel(rows)) {
      if (level.length < MIN_ROWS) continue;
      const key = `${level.length} ${level[0]?.at} ${level.at(-1)?.at}`;
      const similar = known.get(key) ?? [];
      if (similar.some((group) => group.rows.every((row, at) => row === level[at]))) continue;
      const group = { rows: level };
      groups.push(group);
      known.set(key, [...similar, group]);
    }
  }
  return groups;
}

/** Gives a table's heading row a kind of its own. */
function getTag({ element }: OutlineNode): string {
  if (element.name !== 'tr') return element.name;
  return element.children.some((child) => 'attribs' in child && child.name === 'td') ? 'tr' : 'tr:head';
}

function addToGroup(groups: Map<string, OutlineNode[]>, key: string, outlined: OutlineNode): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [outlined]);
  else group.push(outlined);
}

/** Splits nested elements by depth, because rows are not nested: tables in tables, replies to comments. */
function splitByLevel(rows: readonly OutlineNode[]): OutlineNode[][] {
  const levels: OutlineNode[][] = [];
  const open: OutlineNode[] = [];
  for (const row of rows) {
    while ((open.at(-1)?.end ?? row.at) < row.at) open.pop();
    const level = levels[open.length];
    if (level === undefined) levels.push([row]);
    else level.push(row);
    open.push(row);
  }
  return levels;
}

/** Describes the elements around a row by properties that are the same for all rows of a list. */
class Kinds {
  readonly #kinds = new Map<OutlineNode, number>();
  /** By description: a number, as keys that are made of it shall be short. */
  readonly #numbers = new Map<string, number>();
  /** By parent and tag: the number of such children, and how many of them have each class. */
  readonly #siblings = new Map<
    OutlineNode | null,
    Map<string, { count: number; classes: Map<string, number> }>
  >();

  constructor(outline: readonly OutlineNode[]) {
    for (const { element, parent } of outline) {
      const byTag = this.#siblings.get(parent) ?? new Map();
      this.#siblings.set(parent, byTag);
      const known = byTag.get(element.name) ?? { count: 0, classes: new Map() };
      byTag.set(element.name, known);
      known.count += 1;
      for (const name of getStableClasses(element))
        known.classes.set(name, (known.classes.get(name) ?? 0) + 1);
    }
  }

  /** Returns the same number for elements of one kind. */
  of(outlined: OutlineNode | null): number {
    if (outlined === null) return -1;
    const known = this.#kinds.get(outlined);
    if (known !== undefined) return known;
    const id = outlined.element.attribs['id'] ?? '';
    // An id with a number identifies one row; an id without one identifies a part of the page.
    const kind = [outlined.element.name, ...this.#shared(outlined), /\d/.test(id) ? '' : `#${id}`].join('.');
    const number = this.#numbers.get(kind) ?? this.#numbers.size;
    this.#numbers.set(kind, number);
    this.#kinds.set(outlined, number);
    return number;
  }

  /** Returns the classes shared with siblings; without any, all classes. Other classes are specific to one sibling. */
  #shared({ element, parent }: OutlineNode): string[] {
    const names = [...new Set(getStableClasses(element))].sort();
    const siblings = this.#siblings.get(parent)?.get(element.name);
    if (siblings === undefined || siblings.count < MIN_ROWS) return names;
    const shared = names.filter((name) => (siblings.classes.get(name) ?? 0) >= siblings.count / 2);
    return shared.length > 0 ? shared : names;
  }
}
