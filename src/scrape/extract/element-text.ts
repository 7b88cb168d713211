import type { PageElement, PageNode, PageRoot } from '../lib/page.ts';

// In XML these names have no special meaning.
const IGNORED_TAGS = new Set(['script', 'style', 'noscript', 'template']);

/**
 * Returns the text of an element: its text nodes, a line break for `<br>`, and nothing of the scripts and styles in it.
 * The text of a script element itself is its source, because pages keep data in `script[type="application/ld+json"]`.
 */
export function getText(element: PageElement | PageRoot): string {
  const parts: string[] = [];
  // A stack instead of recursion: pages can be nested deeper than the call stack allows.
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

/** Returns the content of an XML element as XML. @throws RangeError if it is nested too deep */
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
