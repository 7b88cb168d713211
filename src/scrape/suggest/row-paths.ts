import { isElement } from '../extract/select.ts';
import type { PageElement } from '../lib/page.ts';
import { getStableClasses } from './dom-helpers.ts';

/** One step from an element to a child, as it is in each row. */
interface Step {
  name: string;
  classes: readonly string[];
  /** Among the children of this tag, from 1. */
  position: number;
}

/** The way from a row to an element in it. */
export type Path = readonly Step[];

export function getPath(element: PageElement, row: PageElement): Path {
  const path: Step[] = [];
  for (let each = element; each !== row && isElement(each.parent); each = each.parent)
    path.unshift({ name: each.name, classes: getStableClasses(each), position: getTypePosition(each) });
  return path;
}

export function formatPath(path: Path): string {
  return path
    .map(({ name, classes, position }) =>
      classes.length === 0 ? `${name}:${position}` : [name, ...classes].join('.'),
    )
    .join(' > ');
}

/** Counts the elements of a row at a path: by their classes, or by their position if they have none. */
export function countAt(row: PageElement, path: Path): number {
  return path.reduce<PageElement[]>(
    (reached, step) => reached.flatMap((each) => findChildren(each, step)),
    [row],
  ).length;
}

function findChildren({ children }: PageElement, { name, classes, position }: Step): PageElement[] {
  return children.filter(isElement).filter((child) => {
    if (child.name !== name) return false;
    if (classes.length === 0) return getTypePosition(child) === position;
    const others = getStableClasses(child);
    return others.length === 0 || classes.some((each) => others.includes(each));
  });
}

const MIN_LIST = 3;
const CELLS = new Set(['td', 'th', 'dt', 'dd']);

/** Whether a path leads through one of several elements that are built alike: a list inside of the row. */
export function isThroughList(path: Path, row: PageElement): boolean {
  let reached: PageElement | undefined = row;
  for (const [at, step] of path.entries()) {
    const rest = path.slice(at + 1);
    if (reached === undefined || rest.length === 0) return false;
    const siblings = reached.children.filter(isElement).filter(({ name }) => name === step.name);
    const alike = CELLS.has(step.name) ? [] : siblings.filter((each) => countAt(each, rest) > 0);
    if (alike.length >= MIN_LIST) return true;
    reached = findChildren(reached, step)[0];
  }
  return false;
}

/** Returns the position of an element among those of its tag, from 1. */
function getTypePosition(element: PageElement): number {
  let number = 1;
  for (let { prev } = element; prev !== null; prev = prev.prev)
    if (isElement(prev) && prev.name === element.name) number += 1;
  return number;
}
