import { isElement } from '../extract/select.ts';
import type { PageElement } from '../lib/page.ts';

/** Attributes that say what an element is, if they are the same in each row. */
export const NAMING_ATTRIBUTES = [
  'itemprop',
  'property',
  'data-testid',
  'data-test',
  'data-qa',
  'data-field',
  'data-name',
  'data-label',
  'data-th',
  'data-title',
  'aria-label',
] as const;

/** Maximum length of a label. */
const MAX_LABEL = 25;
/** Elements in which a label stands alone. */
const LABELS = new Set(['th', 'dt', 'label', 'b', 'strong', 'span', 'em', 'i', 'small', 'div', 'p', 'dfn']);

/**
 * Returns the label before an element, without its colon: `Mileage:` in a text or element before it, or the `th` or `dt`
 * beside a cell. Empty if there is none.
 */
export function findLabelBefore(element: PageElement): string {
  let before = element.prev;
  while (before !== null && !isElement(before) && (before.type !== 'text' || before.data.trim() === ''))
    before = before.prev;
  if (before === null) return '';
  if (!isElement(before)) return before.type === 'text' ? toLabel(before.data, true) : '';
  if (!LABELS.has(before.name)) return '';
  const isHead =
    (before.name === 'th' && element.name === 'td') || (before.name === 'dt' && element.name === 'dd');
  return toLabel(readShort(before), !(isHead && hasOneCell(element)));
}

/** A row of a data table begins with a `th`, too; then the columns have the names. */
function hasOneCell(element: PageElement): boolean {
  if (element.name !== 'td') return true;
  const cells = isElement(element.parent) ? element.parent.children.filter(isElement) : [];
  return cells.length === 2;
}

/** Returns the label that stands in an element before its own text: `<b>Town:</b> Graz`. */
export function findLabelWithin({ children }: PageElement): string {
  const [first, ...others] = children.filter((child) => child.type !== 'text' || child.data.trim() !== '');
  if (first === undefined || !isElement(first) || !LABELS.has(first.name)) return '';
  return others.some(({ type }) => type === 'text') ? toLabel(readShort(first), true) : '';
}

/** More nodes or characters are no label; what is before an element may be the rest of the page. */
const MAX_NODES = 8;

function readShort(element: PageElement): string {
  const left = [...element.children].reverse();
  let text = '';
  for (let visited = 0; left.length > 0; visited += 1) {
    const node = left.pop();
    if (node === undefined || visited >= MAX_NODES || text.length > 4 * MAX_LABEL) return '';
    if (node.type === 'text') text += node.data;
    else if (isElement(node)) left.push(...node.children.slice(0, MAX_NODES).reverse());
  }
  return text;
}

function toLabel(text: string, needsColon: boolean): string {
  if (text.length > 4 * MAX_LABEL) return '';
  const plain = text.replaceAll(/\s+/g, ' ').trim();
  const bare = plain.replace(/\s*[:：]$/u, '');
  return bare.length > MAX_LABEL || bare === '' || (needsColon && bare === plain) || !/\p{L}/u.test(bare)
    ? ''
    : bare;
}
