import type { PageElement, PageNode, PageRoot } from '../lib/page.ts';

// In XML they are names like others.
const IGNORED_TAGS = new Set(['script', 'style', 'noscript', 'template']);

/**
 * The text of an element: what its text nodes hold, a line break for `<br>`, nothing of scripts and styles within it.
 * Of a script itself: its source (pages keep data in `script[type="application/ld+json"]`).
 */
export function getText(element: PageElement | PageRoot): string {
  const parts: string[] = [];
  // A list of what is left to visit instead of recursion: pages can be nested deeper than the stack.
  const left: PageNode[] = [...element.children].reverse();
  for (let node = left.pop(); node !== undefined; node = left.pop()) {
    if (node.type === 'text') parts.push(node.data);
    else if ('attribs' in node) {
      const isHtml = node.namespace !== undefined;
      if (isHtml && node.name === 'br') parts.push('\n');
      if (isHtml && IGNORED_TAGS.has(node.name)) continue;
      for (let child = node.lastChild; child !== null; child = child.prev) left.push(child);
    }
  }
  return parts.join('');
}

/** What stands in an element of XML, as XML. @throws RangeError when it is nested too deep */
export function innerXml(element: PageElement): string {
  return element.children.map(serializeNode).join('');
}

function serializeNode(node: PageNode): string {
  if (node.type === 'text') return escapeText(node.data);
  if (node.type === 'comment') return `<!--${node.data}-->`;
  if (!('attribs' in node)) return '';
  const attributes = Object.entries(node.attribs).map(
    ([name, value]) => ` ${name}="${escapeText(value).replaceAll('"', '&quot;')}"`,
  );
  const begin = node.name + attributes.join('');
  return node.children.length === 0 ? `<${begin}/>` : `<${begin}>${innerXml(node)}</${node.name}>`;
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
