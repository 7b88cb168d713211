import { Element, isText, type Text } from 'domhandler';
import { adapter } from 'parse5-htmlparser2-tree-adapter';
import type { PageMemory } from './page-memory.ts';

type Adapter = typeof adapter;
type Parent = Parameters<Adapter['appendChild']>[0];
type Child = Parameters<Adapter['appendChild']>[1];
type Attributes = Parameters<Adapter['createElement']>[2];

/** What the parser adds to a text comes in words: each sum takes 32 bytes until the text is looked into. */
const MAX_UNFLATTENED = 50_000;

/** Attributes by name. Objects of a class take a third of what `Object.create(null)` does, and inherit as little. */
export const AttributeRecord = function AttributeRecord() {} as unknown as {
  new (): Record<string, string>;
  prototype: object;
};
AttributeRecord.prototype = Object.create(null);

export const NO_ATTRIBUTES: Readonly<Record<string, string>> = Object.freeze(new AttributeRecord());

/**
 * How the parser builds the tree of one page: as cheerio's own adapter does, in a third of the memory, and not beyond what
 * `memory` has. Markup makes far more of it than it has tags: each `<p>` repeats all `<b>` that were left open before it.
 * @param noscripts takes each `<noscript>` as it is made
 * @throws UnreadableMarkup while the page is parsed
 */
export function createTreeAdapter(memory: PageMemory, noscripts: Element[] = []): Adapter {
  let unflattened = 0;
  const addText = (node: Text, text: string) => {
    node.data += flattenString(text);
    unflattened += 1;
    if (unflattened % MAX_UNFLATTENED === 0) flattenString(node.data);
  };
  const appendChild = (parent: Parent, child: Child) => {
    // A literal holds one child in the room of one; what is pushed onto an empty list makes room for 17.
    if (parent.children.length > 0) return adapter.appendChild(parent, child);
    parent.children = [child];
    child.parent = parent;
  };
  const insertBefore = (parent: Parent, child: Child, reference: Child) => {
    const { children } = parent;
    // What a table must not hold goes before it by the thousand: it is the last child, or nearly.
    const index = children.lastIndexOf(reference);
    const { prev } = reference;
    child.prev = prev;
    if (prev !== null) prev.next = child;
    child.next = reference;
    reference.prev = child;
    child.parent = parent;
    children.splice(index, 0, child);
  };
  const createTextNode = (text: string) => {
    memory.text();
    return adapter.createTextNode(flattenString(text));
  };
  return {
    ...adapter,
    appendChild,
    insertBefore,
    createTextNode,
    createElement(name, namespace, attributes) {
      memory.element(attributes.length);
      const element = createElementNode(name, namespace, attributes);
      if (name === 'noscript') noscripts.push(element);
      return element;
    },
    createCommentNode(data) {
      memory.text();
      return adapter.createCommentNode(flattenString(data));
    },
    setTemplateContent: appendChild,
    insertText(parent, text) {
      const last = parent.children.at(-1);
      if (last !== undefined && isText(last)) addText(last, text);
      else appendChild(parent, createTextNode(text));
    },
    insertTextBefore(parent, text, reference) {
      const { prev } = reference;
      if (prev !== null && isText(prev)) addText(prev, text);
      else insertBefore(parent, createTextNode(text), reference);
    },
    adoptAttributes(element, attributes) {
      const known = element.attribs;
      const all = Object.entries(known).map(([name, value]) => ({ name, value }));
      const more = attributes.filter(({ name }) => known[name] === undefined);
      element.attribs = toAttributeRecord([...all, ...more]);
    },
  };
}

function createElementNode(
  name: string,
  namespace: Parameters<Adapter['createElement']>[1],
  attributes: Attributes,
) {
  const element = new Element(name, toAttributeRecord(attributes), []);
  element.namespace = namespace;
  const isPlain = attributes.every(
    ({ namespace, prefix }) => namespace === undefined && prefix === undefined,
  );
  element['x-attribsNamespace'] = isPlain ? NO_ATTRIBUTES : collectNamespaces(attributes, 'namespace');
  element['x-attribsPrefix'] = isPlain ? NO_ATTRIBUTES : collectNamespaces(attributes, 'prefix');
  return element;
}

function toAttributeRecord(attributes: Attributes): Record<string, string> {
  if (attributes.length === 0) return NO_ATTRIBUTES;
  const record = new AttributeRecord();
  for (const { name, value } of attributes) record[name] = flattenString(value);
  return record;
}

/** Only some attributes of SVG and MathML have a namespace, such as `xlink:href`. */
function collectNamespaces(attributes: Attributes, what: 'namespace' | 'prefix'): Record<string, string> {
  const record = new AttributeRecord();
  for (const attribute of attributes) record[attribute.name] = attribute[what] ?? '';
  return record;
}

const looked = { into: 0 };

/** The parser adds letter to letter, and each sum stays in memory until something looks into the text. */
export function flattenString(text: string): string {
  // Kept, so that the look is not optimized away.
  looked.into = text.charCodeAt(0);
  return text;
}
