import { isElement } from '../extract/select.ts';
import type { PageElement, PageNode } from '../lib/page.ts';

/** Elements without an end tag in HTML. */
const VOID = /^(?:area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr)$/;
/** Elements whose content is a program, a drawing or a copy for browsers without scripts. */
const EMPTIED = /^(?:script|style|svg|noscript|template|math|iframe)$/;
const INLINE =
  /^(?:a|abbr|b|bdi|bdo|br|button|cite|code|data|del|dfn|em|font|i|img|input|ins|kbd|label|mark|q|s|samp|small|span|strike|strong|sub|sup|time|tt|u|var|wbr)$/;
/** Attributes that say how an element is drawn, or what a script does. */
const DROPPED = /^(?:on\w+|srcset|sizes|integrity|nonce|crossorigin|loading|decoding|fetchpriority|style)$/;
const VALUE_CHARACTERS = 160;
const MAX_INDENT = 12;

/**
 * Writes the source of an element: a line for each element that begins one on the page. Scripts, styles, drawings,
 * comments and embedded files are left out, and long attribute values are cut. What says that an element is not
 * displayed stays.
 */
export function writeCleanSource(root: PageElement, isXml: boolean): string {
  const lines: string[] = [];
  let line = '';
  const endLine = () => {
    if (line.trim() !== '') lines.push(line.trimEnd());
    line = '';
  };
  // A stack instead of recursion: pages can be nested deeper than the call stack allows.
  const left: ({ node: PageNode; depth: number } | (() => void))[] = [{ node: root, depth: 0 }];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (typeof next === 'function') {
      next();
      continue;
    }
    const { node, depth } = next;
    if (node.type === 'text') line += escapeText(node.data.replaceAll(/\s+/g, ' '));
    if (!isElement(node)) continue;
    const { name } = node;
    const isBlock = isXml || !INLINE.test(name);
    if (isBlock) {
      endLine();
      line = ' '.repeat(Math.min(depth, MAX_INDENT));
    }
    line += `<${name}${writeAttributes(node)}>`;
    if (!isXml && VOID.test(name)) continue;
    if (!isXml && EMPTIED.test(name)) {
      line += `${node.children.length > 0 ? '…' : ''}</${name}>`;
      continue;
    }
    const begun = lines.length;
    left.push(() => {
      if (isBlock && lines.length > begun) {
        endLine();
        line = ' '.repeat(Math.min(depth, MAX_INDENT));
      }
      line = `${isBlock ? line.trimEnd() || line : line}</${name}>`;
      if (isBlock) endLine();
    });
    for (let child = node.lastChild; child !== null; child = child.prev)
      left.push({ node: child, depth: depth + 1 });
  }
  endLine();
  return lines.join('\n');
}

/** Rules for elements that are not displayed. */
const NOT_DISPLAYED = /display\s*:\s*none|visibility\s*:\s*hidden/i;

function writeAttributes({ attribs }: PageElement): string {
  return Object.entries(attribs)
    .flatMap(([name, value]) => {
      if (name === 'style' && NOT_DISPLAYED.test(value))
        return [` style="${NOT_DISPLAYED.exec(value)?.[0]}"`];
      if (DROPPED.test(name)) return [];
      return [
        value === '' ? ` ${name}` : ` ${name}="${escapeText(cutValue(value)).replaceAll('"', '&quot;')}"`,
      ];
    })
    .join('');
}

function cutValue(value: string): string {
  const [, type] = /^\s*data:([\w/+.-]{0,60})[;,]/.exec(value) ?? [];
  if (type !== undefined) return `data:${type}…`;
  const shown = value.replaceAll(/\s+/g, ' ');
  return shown.length <= VALUE_CHARACTERS
    ? shown
    : `${shown.slice(0, VALUE_CHARACTERS - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
