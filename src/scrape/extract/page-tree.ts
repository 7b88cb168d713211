import { Element, isText, type Text } from 'domhandler';
import { adapter } from 'parse5-htmlparser2-tree-adapter';

/** Why a page is not read. What a page holds is no reason to fill the memory, or to be busy for hours. */
export class UnreadableMarkup extends Error {
  override readonly name = 'UnreadableMarkup';
}

/** A page people read stays below 100. Parsing and selecting take time quadratic in the depth: this much, half a second. */
export const MAX_DEPTH = 12_000;

/** The parser compares each attribute of an element with all before it. */
export const MAX_ATTRIBUTES = 20_000;

/** What the elements and texts of one page may take, in bytes; with rows and what is left over on the way it is three times as much. */
const MAX_PAGE_BYTES = 160_000_000;

/** Measured on 64-bit Node 20 (`process.memoryUsage().heapUsed` after a collection) with pages of 200,000 to 800,000 nodes. */
const ELEMENT_BYTES = 165;
const ATTRIBUTE_BYTES = 40;
const TEXT_BYTES = 135;

/** Counts what the tree of one page takes while it is made. */
export class PageMemory {
  #bytes = 0;
  #nodesLeft: number;
  readonly #length: number;
  /** How many characters of the page have been read. */
  read = 0;

  /**
   * @param markup the page
   * @throws UnreadableMarkup when its tags alone would take too much
   */
  constructor(markup: string) {
    const tags = countTags(markup);
    this.#length = markup.length;
    if (tags * ELEMENT_BYTES > MAX_PAGE_BYTES) throw tooMuchError(tags * ELEMENT_BYTES);
    // What people write has an element and two texts a tag. Far more is made of tags that were left open on purpose.
    this.#nodesLeft = 10_000 + 4 * tags;
  }

  /** @throws UnreadableMarkup when there is no room for it */
  element(attributes: number): void {
    this.#add(ELEMENT_BYTES + attributes * ATTRIBUTE_BYTES);
  }

  /** Or a comment. @throws UnreadableMarkup when there is no room for it */
  text(): void {
    this.#add(TEXT_BYTES);
  }

  #add(bytes: number): void {
    this.#bytes += bytes;
    this.#nodesLeft -= 1;
    if (this.#nodesLeft < 0) throw new UnreadableMarkup('makes far more elements than it has tags');
    if (this.#bytes <= MAX_PAGE_BYTES) return;
    throw tooMuchError((this.#bytes * this.#length) / Math.max(1, Math.min(this.read, this.#length)));
  }
}

function tooMuchError(bytes: number): UnreadableMarkup {
  const megabytes = (some: number) => `${Math.ceil(some / 1_000_000).toLocaleString('en')} MB`;
  return new UnreadableMarkup(
    `would take about ${megabytes(bytes)} of memory once it is read; a page may take ${megabytes(MAX_PAGE_BYTES)}`,
  );
}

/** Those that open, and comments. */
function countTags(markup: string): number {
  let tags = 0;
  for (let at = markup.indexOf('<'); at !== -1; at = markup.indexOf('<', at + 1)) {
    const next = markup.charCodeAt(at + 1);
    const letter = next | 0x20;
    // Names of XML may begin with other letters, too.
    if ((letter >= 0x61 && letter <= 0x7a) || next === 0x21 || next === 0x5f || next > 0x7f) tags += 1;
  }
  return tags;
}

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
