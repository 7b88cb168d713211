import type { PageElement, PageNode } from '../lib/page.ts';

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
