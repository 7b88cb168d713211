import { sanitizeText } from '../../core/lib/sanitize-text.ts';
import { isElement } from '../extract/select.ts';
import type { Page, PageElement, PageNode, PageRoot } from '../lib/page.ts';

/** Elements that show nothing themselves: their content is for programs. */
const PROGRAM_TAGS: ReadonlySet<string> = new Set([
  'script',
  'style',
  'noscript',
  'template',
  'head',
  'link',
  'meta',
  'base',
]);

/** Whether an element of HTML is only for programs. In XML these names have no special meaning. */
export function isForPrograms({ name, namespace }: PageElement): boolean {
  return namespace !== undefined && PROGRAM_TAGS.has(name);
}

/** Whether an element itself says that it is not shown. Rules of style sheets are not known. */
export function isHidden({ attribs, name }: PageElement): boolean {
  return (
    attribs['hidden'] !== undefined ||
    (name === 'input' && attribs['type'] === 'hidden') ||
    /display\s*:\s*none|visibility\s*:\s*hidden/i.test(attribs['style'] ?? '')
  );
}

/** Characters that only tell where a word may break. */
const BREAKS = /[\u00ad\u200b\u2060\ufeff]/g;

/** One line of a page's text: without control characters, white space as single spaces, at most `max` characters. */
export function cleanText(text: string, max: number): string {
  // The rest of a text of megabytes need not be cleaned.
  const shown = sanitizeText(
    text
      .slice(0, max * 20)
      .replaceAll(BREAKS, '')
      .replaceAll(/\s+/g, ' ')
      .trim(),
  );
  if (shown.length <= max && text.length <= max * 20) return shown;
  return `${shown.slice(0, max - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** The element whose content a page shows: the body, or the root of XML. */
export function getShownRoot({ $ }: Page): PageElement | undefined {
  const [body] = $('body').toArray();
  if (body !== undefined && isElement(body)) return body;
  const root = $.root()[0] as PageRoot | undefined;
  return root?.children.find(isElement);
}

/** What an element holds, with its descendants: characters of text without white space, and elements. */
export interface ContentSize {
  text: number;
  elements: number;
}

/** Measures an element and all of its descendants, without content for programs. */
export function measureContent(root: PageElement): Map<PageElement, ContentSize> {
  const sizes = new Map<PageElement, ContentSize>();
  const order: PageElement[] = [];
  // A stack instead of recursion: pages can be nested deeper than the call stack allows.
  const left: PageElement[] = [root];
  for (let element = left.pop(); element !== undefined; element = left.pop()) {
    order.push(element);
    let text = 0;
    for (const child of element.children) {
      if (child.type === 'text') text += countCharacters(child.data);
      else if (isElement(child) && !isForPrograms(child) && element.name !== 'svg') left.push(child);
    }
    sizes.set(element, { text, elements: 1 });
  }
  // Descendants come after their ancestors, so in reverse order each size is complete before it is added.
  for (let at = order.length; at-- > 1; ) {
    const element = order[at] as PageElement;
    const own = sizes.get(element);
    const parent = isElement(element.parent) ? sizes.get(element.parent) : undefined;
    if (own === undefined || parent === undefined) continue;
    parent.text += own.text;
    parent.elements += own.elements;
  }
  return sizes;
}

function countCharacters(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) > 32) count += 1;
  return count;
}

/** The child elements that are not only for programs. */
export function getShownChildren(element: PageElement): PageElement[] {
  if (element.name === 'svg') return [];
  return element.children.filter(
    (node: PageNode): node is PageElement => isElement(node) && !isForPrograms(node),
  );
}
