import { isElement, select } from '../extract/select.ts';
import type { Page, PageElement } from '../lib/page.ts';
import { getAncestors, getCommonClasses, getStableClasses, toCommonSelector } from './dom-helpers.ts';

/**
 * Returns the simplest selector that matches exactly the given elements; without one, the selector that comes closest.
 * @param strays elements among the rows that must not match
 */
export function findRowSelector(
  page: Page,
  rows: readonly PageElement[],
  strays: readonly PageElement[] = [],
): string {
  const wanted = new Set(rows);
  let best = { selector: '*', worth: -1 };
  for (const selector of createCandidates(rows, strays)) {
    const found = select(page, selector);
    const right = found.filter((element) => wanted.has(element)).length;
    const worth = (2 * right) / (found.length + wanted.size);
    if (worth === 1) return selector;
    if (worth > best.worth) best = { selector, worth };
  }
  return best.selector;
}

function* createCandidates(rows: readonly PageElement[], strays: readonly PageElement[]): Generator<string> {
  const [first] = rows;
  if (first === undefined) return;
  const tag = first.name;
  const classes = getCommonClasses(rows).slice(0, 4);
  const owns = [
    ...classes.map((name) => `${tag}.${name}`),
    ...createPairs(classes).map((pair) => [tag, ...pair].join('.')),
  ];
  yield* owns;
  yield* getCommonAttributes(rows).map((mark) => `${tag}${mark}`);
  if (classes.length === 0) yield tag;
  const own = owns[0] ?? tag;
  // Excludes heading rows, and empty elements that fill up a line.
  const told = strays.length === 0 ? [] : excludeStrays(own, strays);
  const alike = [...(tag === 'tr' ? [own, `${own}:has(> td)`] : [own, `${own}:has(a)`]), ...told];
  yield* told;
  const parent = toCommonSelector(rows.flatMap((row) => getAncestors(row).slice(0, 1)));
  const grandparent = toCommonSelector(rows.flatMap((row) => getAncestors(row).slice(1, 2)));
  const outermost = toCommonSelector(rows.flatMap((row) => getAncestors(row).slice(2, 3)));
  for (const row of alike) {
    yield `${parent} > ${row}`;
    yield `${grandparent} > ${parent} > ${row}`;
    // Data tables inside layout tables.
    if (tag === 'tr') yield `${outermost} > ${grandparent} > ${parent} > ${row}`;
    for (const container of getContainers(rows)) {
      yield `${container} > ${row}`;
      yield `${container} > ${parent} > ${row}`;
      yield `${container} > ${grandparent} > ${parent} > ${row}`;
      yield `${container} ${row}`;
    }
  }
  yield* getNthOfType(rows, own);
}

/** For rows without a named ancestor: selectors by their content, or by the number of their list. */
function* getNthOfType(rows: readonly PageElement[], own: string): Generator<string> {
  const [list, ...others] = new Set(rows.map((row) => getAncestors(row)[0]));
  if (list === undefined || others.length > 0) return;
  const inner = rows.map((row) => new Set(row.children.filter(isElement).map(({ name }) => name)));
  for (const name of inner[0] ?? []) if (inner.every((has) => has.has(name))) yield `${own}:has(> ${name})`;
  yield `${list.name}:nth-of-type(${getTypeNumber(list)}) > ${own}`;
}

function getTypeNumber(element: PageElement): number {
  let number = 1;
  for (let { prev } = element; prev !== null; prev = prev.prev)
    if (isElement(prev) && prev.name === element.name) number += 1;
  return number;
}

/** Creates selectors that exclude strays: by their classes, or by what heading and pager rows of a table lack. */
function excludeStrays(own: string, strays: readonly PageElement[]): string[] {
  const names = [...new Set(strays.flatMap(getStableClasses))].map((name) => `.${name}`);
  const without = [...names, ...(names.length > 1 ? [names.join(', ')] : [])].map(
    (each) => `${own}:not(${each})`,
  );
  const cells = `${own}:has(> td:nth-child(2))`;
  const lines = [cells, `${own}:has(a)`, `${cells}:has(a)`, `${own}:not(:has(> td > b, > td > strong))`];
  const isLine = strays[0]?.name === 'tr';
  return [...without, ...(isLine ? lines : [])];
}

function createPairs(names: readonly string[]): [string, string][] {
  return names.flatMap((one, at) => names.slice(at + 1).map((other): [string, string] => [one, other]));
}

/** Creates selectors for attributes that state what an element is. */
function getCommonAttributes(rows: readonly PageElement[]): string[] {
  return ['itemprop', 'itemtype', 'role', 'data-testid', 'data-component-type', 'typeof'].flatMap((name) => {
    const value = rows[0]?.attribs[name] ?? '';
    const isCommon =
      value !== '' && !value.includes('"') && rows.every(({ attribs }) => attribs[name] === value);
    return isCommon ? [`[${name}="${value}"]`] : [];
  });
}

/** Maximum number of containers. */
const MAX_CONTAINERS = 6;

/** Returns the common ancestors of all rows that have an id or a class, innermost first. */
function getContainers(rows: readonly PageElement[]): string[] {
  const [first, ...others] = rows;
  const last = others.at(-1);
  if (first === undefined || last === undefined) return [];
  const lasts = new Set(getAncestors(last));
  const found: string[] = [];
  for (const element of getAncestors(first)) {
    if (!lasts.has(element) || !isElement(element) || element.name === 'body') continue;
    const id = element.attribs['id'] ?? '';
    if (/^[A-Za-z][\w-]*$/.test(id) && !/\d{3}/.test(id)) found.push(`#${id}`);
    const [name] = getCommonClasses([element]);
    if (name !== undefined && !/\d{3}/.test(name)) found.push(`${element.name}.${name}`);
    else if (element.name === 'main') found.push('main');
    if (found.length >= MAX_CONTAINERS) break;
  }
  return found;
}
