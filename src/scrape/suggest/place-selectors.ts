import { getAncestors, getText, isElement, isWithin } from '../extract/select.ts';
import type { PageElement } from '../lib/page.ts';
import { getChildNumber, getClasses, isDescriptive } from './dom-helpers.ts';
import { escapeName, findMarks, isUsable, joinMarks, type Mark } from './element-marks.ts';

/** How many of an element's marks are joined with those of the elements around it. */
const MAX_JOINED = 3;
const MAX_LABEL = 60;

/**
 * Creates selectors for an element inside of its row, or on its page, the most stable first. Whether they match it, and
 * it alone, is still to be checked.
 * @param row `undefined` for selectors of the whole page
 */
export function createPlaceSelectors(
  element: PageElement,
  row: PageElement | undefined,
  isXml: boolean,
): Mark[] {
  if (element === row) return [{ css: ':scope', stability: 4, why: 'the row itself', key: '' }];
  const isInRow = row !== undefined;
  if (isInRow && !isWithin(element, row)) return createSelectorsOutside(element, row);
  const marksOf = (each: PageElement) =>
    findMarks(each, isXml).filter(({ key }) => !isInRow || key !== '[id]');
  const own = marksOf(element);
  const around = getAncestors(element, 4);
  const end = isInRow ? around.indexOf(row) : -1;
  const [parent, ...outer] = end < 0 ? around : around.slice(0, end);
  const kept = own.slice(0, MAX_JOINED);
  const positioned = kept.map((mark) => withPosition(mark, element));
  const inParent = parent === undefined ? [] : joinAll(marksOf(parent), ' > ', [...kept, ...positioned]);
  const inOuter = outer.flatMap((each) => joinAll(marksOf(each), ' ', kept));
  const isCell = element.name === 'td' || element.name === 'th';
  const cells = isCell ? positioned.map((mark) => ({ ...mark, stability: 2.5, why: 'column' })) : positioned;
  return [
    ...own,
    ...labelSelectors(element, row),
    ...cells,
    ...inParent,
    ...inOuter,
    ...pathSelector(element, row),
  ].sort((one, other) => other.stability - one.stability);
}

/** Creates XPaths for an element outside of its row, because CSS in a row cannot leave it. */
function createSelectorsOutside(element: PageElement, row: PageElement): Mark[] {
  if (!isPlainName(element.name)) return [];
  const path = [element, ...getAncestors(element)];
  const end = path.findIndex((each) => each.parent === row.parent);
  const sibling = path[end];
  const step = sibling === undefined ? 0 : getChildNumber(sibling) - getChildNumber(row);
  if (sibling === undefined || step <= 0 || !isPlainName(sibling.name)) return createSelectorsBefore(element);
  const outer: [string, number, string][] = [
    ...getClasses(sibling).map((name): [string, number, string] => [
      `${sibling.name}[${classTest(name)}][1]`,
      isDescriptive(name) ? 3.5 : 1.5,
      'class of what follows the row',
    ]),
    [`*[${step}][self::${sibling.name}]`, 1.5, 'position after the row'],
    [`${sibling.name}[1]`, 1, 'element after the row'],
  ];
  const inner =
    end === 0
      ? ['']
      : [...getClasses(element).map((name) => `//${element.name}[${classTest(name)}]`), `//${element.name}`];
  return outer.flatMap(([test, stability, why]) =>
    inner.map((rest) => ({ css: `xpath:following-sibling::${test}${rest}`, stability, why, key: '' })),
  );
}

/** The nearest one before the row: the heading of its part of the page. */
function createSelectorsBefore(element: PageElement): Mark[] {
  const classes = getClasses(element).filter(isDescriptive);
  const tests = [...classes.map((name) => `[${classTest(name)}]`), ''];
  return tests.map((test) => ({
    css: `xpath:preceding::${element.name}${test}[1]`,
    stability: test === '' ? 1 : 2,
    why: 'the nearest before the row',
    key: '',
  }));
}

function classTest(name: string): string {
  return `contains(concat(" ",normalize-space(@class)," ")," ${name} ")`;
}

function isPlainName(name: string): boolean {
  return /^[a-z][\w-]*$/.test(name);
}

function joinAll(outer: readonly Mark[], combinator: ' > ' | ' ', inner: readonly Mark[]): Mark[] {
  return outer.slice(0, MAX_JOINED).flatMap((mark) => inner.map((each) => joinMarks(mark, combinator, each)));
}

function withPosition(mark: Mark, element: PageElement): Mark {
  return {
    ...mark,
    css: `${mark.css}:nth-child(${getChildNumber(element)})`,
    stability: mark.stability / 4,
    why: 'position',
  };
}

/** By the label before a value: `<dt>Price</dt><dd>5</dd>`, `<th>UPC</th><td>5</td>`, `<b>Size:</b> <i>5</i>`. */
function labelSelectors(element: PageElement, row: PageElement | undefined): Mark[] {
  let before = element.prev;
  while (before !== null && !isElement(before)) before = before.prev;
  if (before === null || !isElement(before) || (row !== undefined && before === row)) return [];
  const text = getText(before).replaceAll(/\s+/g, ' ').trim();
  const isLabel = ['dt', 'th', 'label'].includes(before.name) || /[:：]$/.test(text);
  if (!isLabel || text.length > MAX_LABEL || !isUsable(text) || !isPlainName(element.name)) return [];
  const quote = text.includes('"') ? "'" : '"';
  if (text.includes(quote) || !isPlainName(before.name)) return [];
  const start = row === undefined ? '//' : './/';
  const css = `xpath:${start}${before.name}[normalize-space(.)=${quote}${text}${quote}]/following-sibling::${element.name}[1]`;
  return [{ css, stability: 3.5, why: `label ${text}`.slice(0, 60), key: '' }];
}

/** The positions of all elements on the way: it always fits, and breaks with the first change. */
function pathSelector(element: PageElement, row: PageElement | undefined): Mark[] {
  const steps: string[] = [];
  for (let each = element; each !== row; each = each.parent) {
    steps.unshift(`${escapeName(each.name)}:nth-child(${getChildNumber(each)})`);
    if (!isElement(each.parent)) break;
  }
  const css =
    row === undefined
      ? steps.join(' > ').replace(/^html:nth-child\(1\)/, 'html')
      : `:scope > ${steps.join(' > ')}`;
  return steps.length > MAX_STEPS ? [] : [{ css, stability: 0, why: 'position', key: element.name }];
}

const MAX_STEPS = 30;
