import { isElement, select } from '../extract/select.ts';
import type { Page, PageElement } from '../lib/page.ts';
import { getAncestors, getCommonClasses, getStableClasses, toCommonSelector } from './dom-helpers.ts';

/**
 * The plainest selector that matches some elements and nothing else; where there is none, the one that comes nearest.
 * @param strays what stands among them and is not meant
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
  // Rows of headings, and empty elements that fill a line up.
  const told = strays.length === 0 ? [] : excludeStrays(own, strays);
  const alike = [...(tag === 'tr' ? [own, `${own}:has(> td)`] : [own, `${own}:has(a)`]), ...told];
  yield* told;
  const parent = toCommonSelector(rows.flatMap((row) => getAncestors(row).slice(0, 1)));
  const grandparent = toCommonSelector(rows.flatMap((row) => getAncestors(row).slice(1, 2)));
  const outermost = toCommonSelector(rows.flatMap((row) => getAncestors(row).slice(2, 3)));
  for (const row of alike) {
    yield `${parent} > ${row}`;
    yield `${grandparent} > ${parent} > ${row}`;
    // Tables of rows in tables that lay the page out.
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

/** Where nothing around the rows has a name: by what is in them, or by the number of their list. */
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

/** By the strays' classes, or by what a line of a table has and one that heads the table or leads on has not. */
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

/** Attributes by which pages say what an element is. */
function getCommonAttributes(rows: readonly PageElement[]): string[] {
  return ['itemprop', 'itemtype', 'role', 'data-testid', 'data-component-type', 'typeof'].flatMap((name) => {
    const value = rows[0]?.attribs[name] ?? '';
    const isCommon =
      value !== '' && !value.includes('"') && rows.every(({ attribs }) => attribs[name] === value);
    return isCommon ? [`[${name}="${value}"]`] : [];
  });
}

/** So far out a container is looked for. */
const MAX_CONTAINERS = 6;

/** What stands around all of the rows and has an id or a class, from within. */
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
