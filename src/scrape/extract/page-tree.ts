import { Element, isText, type Text } from 'domhandler';
import { adapter } from 'parse5-htmlparser2-tree-adapter';

/** Why a page is not parsed. No page may exhaust memory or keep the process busy for hours. */
export class UnreadableMarkup extends Error {
  override readonly name = 'UnreadableMarkup';
}

/** Pages for readers stay below 100 levels. Parsing and selecting are quadratic in depth: here half a second. */
export const MAX_DEPTH = 12_000;

/** Limited because the parser compares each attribute of an element with all previous ones. */
export const MAX_ATTRIBUTES = 20_000;

/**
 * Memory limit for the elements and texts of one page, in bytes. With the rows and temporary data, a page takes three
 * times as much.
 */
const MAX_PAGE_BYTES = 160_000_000;

/**
 * The sizes were measured on 64-bit Node 20 (`process.memoryUsage().heapUsed` after a collection), with pages of
 * 200,000 to 800,000 nodes.
 */
const ELEMENT_BYTES = 165;
const ATTRIBUTE_BYTES = 40;
const TEXT_BYTES = 135;

/** Estimates the memory of one page's tree while it is built. */
export class PageMemory {
  #bytes = 0;
  #nodesLeft: number;
  readonly #length: number;
  /** Number of characters parsed so far. */
  read = 0;

  /**
   * @param markup the page
   * @throws UnreadableMarkup if its tags alone exceed the limit
   */
  constructor(markup: string) {
    const tags = countTags(markup);
    this.#length = markup.length;
    if (tags * ELEMENT_BYTES > MAX_PAGE_BYTES) throw tooMuchError(tags * ELEMENT_BYTES);
    // Normal pages make one element and two texts per tag. Only tags left open on purpose make far more.
    this.#nodesLeft = 10_000 + 4 * tags;
  }

  /** @throws UnreadableMarkup if the limit is exceeded */
  element(attributes: number): void {
    this.#add(ELEMENT_BYTES + attributes * ATTRIBUTE_BYTES);
  }

  /** Counts a text or a comment. @throws UnreadableMarkup if the limit is exceeded */
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

/** Counts opening tags and comments. */
function countTags(markup: string): number {
  let tags = 0;
  for (let at = markup.indexOf('<'); at !== -1; at = markup.indexOf('<', at + 1)) {
    const next = markup.charCodeAt(at + 1);
    const letter = next | 0x20;
    // Names in XML may begin with other letters, too.
    if ((letter >= 0x61 && letter <= 0x7a) || next === 0x21 || next === 0x5f || next > 0x7f) tags += 1;
  }
  return tags;
}

type Adapter = typeof adapter;
type Parent = Parameters<Adapter['appendChild']>[0];
type Child = Parameters<Adapter['appendChild']>[1];
type Attributes = Parameters<Adapter['createElement']>[2];

/** The parser appends word by word. Each concatenation takes 32 bytes until the string is flattened. */
const MAX_UNFLATTENED = 50_000;

/**
 * Attributes by name. Instances of this class take a third of the memory of `Object.create(null)`, and inherit nothing
 * either.
 */
export const AttributeRecord = function AttributeRecord() {} as unknown as {
  new (): Record<string, string>;
  prototype: object;
};
AttributeRecord.prototype = Object.create(null);

export const NO_ATTRIBUTES: Readonly<Record<string, string>> = Object.freeze(new AttributeRecord());

/**
 * Creates the adapter that builds the tree of one page. It works like cheerio's own adapter, but uses a third of the
 * memory and stops at the limit of `memory`. The tree can have far more nodes than the markup has tags: each `<p>`
 * repeats every `<b>` left open before it.
 * @param noscripts receives each `<noscript>` as it is created
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
    // An array literal allocates one slot for one child; a push onto an empty array allocates 17.
    if (parent.children.length > 0) return adapter.appendChild(parent, child);
    parent.children = [child];
    child.parent = parent;
  };
  const insertBefore = (parent: Parent, child: Child, reference: Child) => {
    const { children } = parent;
    // The parser inserts a table's misplaced content before it, thousands of times: it is (nearly) the last child.
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

/** Only a few attributes of SVG and MathML have a namespace, such as `xlink:href`. */
function collectNamespaces(attributes: Attributes, what: 'namespace' | 'prefix'): Record<string, string> {
  const record = new AttributeRecord();
  for (const attribute of attributes) record[attribute.name] = attribute[what] ?? '';
  return record;
}

const looked = { into: 0 };

/** Flattens a string: the parser appends character by character, and V8 keeps each concatenation until a read. */
export function flattenString(text: string): string {
  // The result is stored, so that the read access is not optimized away.
  looked.into = text.charCodeAt(0);
  return text;
}
