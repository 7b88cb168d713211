import { getAncestors, isElement, isWithin, select } from '../extract/select.ts';
import type { Page, PageElement } from '../lib/page.ts';
import {
  getChildNumber,
  getClasses,
  getCommonClasses,
  getPathWithin,
  getTag,
  toCommonSelector,
} from './dom-helpers.ts';
import { findLabelBefore, NAMING_ATTRIBUTES } from './field-label.ts';
import type { FieldLocation } from './field-locations.ts';

interface Candidate {
  selector: string;
  /** Returns the first element that the selector matches in a row. */
  firstIn(row: PageElement): PageElement | undefined;
}

/** Returns the first selector whose first match is the location, in as many rows as any other candidate. */
export function findFieldSelector(
  page: Page,
  rows: readonly PageElement[],
  { elements }: FieldLocation,
): string | undefined {
  const [row, element] = [...elements][0] ?? [];
  if (row === undefined || element === undefined) return undefined;
  if (element === row) return ':scope';
  const isBehind = !isWithin(element, row);
  let best: { selector: string; rows: number } | undefined;
  const candidates = isBehind
    ? findFollowing(page, elements)
    : createCandidates([...elements.values()], elements).map((selector) => ({
        selector,
        firstIn: (each: PageElement) => select(page, selector, each)[0],
      }));
  for (const { selector, firstIn } of candidates) {
    let count = 0;
    const fits = rows.every((each) => {
      const first = firstIn(each);
      if (first !== undefined) count += 1;
      // A row may have the same value under another class. Among following siblings, it would belong to another row.
      return first === (elements.get(each) ?? (isBehind ? undefined : first));
    });
    if (fits && count > (best?.rows ?? 0)) best = { selector, rows: count };
    if (best?.rows === rows.length) break;
  }
  return best?.selector;
}

/** Creates XPaths for following siblings, because CSS in a row cannot select elements outside it. */
function findFollowing(page: Page, places: ReadonlyMap<PageElement, PageElement>): Candidate[] {
  const paths = [...places].map(([row, element]) => ({ row, path: getPathWithin(element, row) }));
  const siblings = paths.flatMap(({ path }) => path.slice(-1));
  const [sibling] = siblings;
  const [element] = places.values();
  if (sibling === undefined || element === undefined) return [];
  const tag = getTag(sibling);
  const steps = new Set(
    paths.map(({ row, path }) => getChildNumber(path.at(-1) ?? row) - getChildNumber(row)),
  );
  const outer: { xpath: string; isMeant: (each: PageElement, step: number) => boolean }[] = [
    ...[...steps]
      .sort((one, other) => one - other)
      .map((step) => ({
        xpath: `*[${step}][self::${tag}]`,
        isMeant: (each: PageElement, at: number) => at === step && each.name === tag,
      })),
    ...getCommonClasses(siblings).map((name) => ({
      xpath: `${tag}[${createClassTest(name)}][1]`,
      isMeant: (each: PageElement) => each.name === tag && getClasses(each).includes(name),
    })),
    { xpath: `${tag}[1]`, isMeant: (each) => each.name === tag },
  ];
  const inner = paths.every(({ path }) => path.length === 1)
    ? [{ xpath: '', css: ':scope' }]
    : createInnerTests([...places.values()]);
  return outer.flatMap(({ xpath, isMeant }) =>
    inner.map((rest) => ({
      selector: `xpath:following-sibling::${xpath}${rest.xpath}`,
      // Finds the same as the XPath, but faster: XPath visits every element of the page's longest rows.
      firstIn(row: PageElement) {
        const found = siblingAfter(row, isMeant);
        return found === undefined ? undefined : select(page, rest.css, found)[0];
      },
    })),
  );
}

function siblingAfter(
  row: PageElement,
  isMeant: (each: PageElement, step: number) => boolean,
): PageElement | undefined {
  let step = 0;
  for (let { next } = row; next !== null; next = next.next) {
    if (!isElement(next)) continue;
    step += 1;
    if (isMeant(next, step)) return next;
  }
  return undefined;
}

function createInnerTests(elements: readonly PageElement[]): { xpath: string; css: string }[] {
  const tag = elements[0] === undefined ? '*' : getTag(elements[0]);
  const cells = elements.flatMap((element) =>
    [element, ...getAncestors(element)].filter(({ name }) => name === 'td').slice(0, 1),
  );
  const [number, ...others] = new Set(cells.map(getChildNumber));
  const isInCell = number !== undefined && others.length === 0 && cells.length === elements.length;
  const cell = { xpath: `/td[${number}]`, css: `:scope > td:nth-of-type(${number})` };
  const inCell = tag === 'td' ? cell : { xpath: `${cell.xpath}//${tag}`, css: `${cell.css} ${tag}` };
  return [
    ...getCommonClasses(elements).map((name) => ({
      xpath: `//${tag}[${createClassTest(name)}]`,
      css: `${tag}.${name}`,
    })),
    ...(isInCell ? [inCell] : []),
    { xpath: `//${tag}`, css: tag },
  ];
}

function createClassTest(name: string): string {
  return `contains(concat(" ",normalize-space(@class)," ")," ${name} ")`;
}

function createCandidates(
  found: readonly PageElement[],
  places: ReadonlyMap<PageElement, PageElement>,
): string[] {
  const own = toCommonSelector(found);
  const classes = getCommonClasses(found);
  const parents = found.flatMap((each) => getAncestors(each).slice(0, 1));
  const areInRows = parents.every((parent) => !places.has(parent));
  const parent = toCommonSelector(parents);
  const grandparent = toCommonSelector(found.flatMap((each) => getAncestors(each).slice(1, 2)));
  // An element without a class is identified better by its parent: a link by its heading.
  const isTold = areInRows && (parent.includes('.') || /^h[1-6]$/.test(parent));
  return [
    ...classes.map((name) => `.${name}`),
    ...getNamingAttributes(found),
    ...(classes.length === 0 && isTold ? [`${parent} > ${own}`] : []),
    own,
    `${parent} > ${own}`,
    `${parent} ${own}`,
    `${grandparent} > ${parent} > ${own}`,
    ...getPositions(found, own),
    ...getPositions(parents, parent).map((at) => `${at} > ${own}`),
    ...createLabelTests(found),
    ...(areInRows ? getNamingAttributes(parents).map((outer) => `${outer} > ${own}`) : []),
  ];
}

function getNamingAttributes(elements: readonly PageElement[]): string[] {
  return NAMING_ATTRIBUTES.flatMap((attribute) => {
    const value = elements[0]?.attribs[attribute] ?? '';
    const isCommon =
      value !== '' && !/["\\\n]/.test(value) && elements.every(({ attribs }) => attribs[attribute] === value);
    return isCommon ? [`[${attribute}="${value}"]`] : [];
  });
}

/** Creates XPaths by the label before an element, as positions differ from row to row. */
function createLabelTests(elements: readonly PageElement[]): string[] {
  const [label = '', ...others] = new Set(elements.map(findLabelBefore));
  const [element] = elements;
  if (element === undefined || label === '' || others.length > 0 || label.includes('"')) return [];
  const tag = getTag(element);
  // The label with its colon: "Year", "Year:" or "Year :".
  const test = `normalize-space(translate(., ":", ""))="${label}"`;
  return [`xpath:.//*[${test}]/following-sibling::*[1][self::${tag}]`];
}

/** Creates selectors by position among the siblings, as for the cells of a table. */
function getPositions(elements: readonly PageElement[], own: string): string[] {
  const numbers = new Set(elements.map(getChildNumber));
  const [number] = numbers;
  return numbers.size === 1 ? [`${own}:nth-child(${number})`] : [];
}
