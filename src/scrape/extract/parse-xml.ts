import { type CheerioAPI, load } from 'cheerio';
import { Comment, Document, Element, Text } from 'domhandler';
import { Parser } from 'htmlparser2';
import {
  AttributeRecord,
  MAX_ATTRIBUTES,
  MAX_DEPTH,
  NO_ATTRIBUTES,
  PageMemory,
  UnreadableMarkup,
} from './page-tree.ts';

/** A document parsed as XML. */
export interface XmlDocument {
  $: CheerioAPI;
  /** The name of its root; undefined if it contains no element. */
  root: string | undefined;
  /** An element without an end tag: the document is not well-formed, and its content is a guess. */
  unclosed: string | undefined;
}

/** Markup is passed to the parser in chunks of this many characters. */
const CHUNK_CHARACTERS = 65_536;
const XHTML = 'http://www.w3.org/1999/xhtml';
/** XML's own entities, which the parser supports. */
const XML_ENTITIES: ReadonlySet<string> = new Set(['amp', 'lt', 'gt', 'quot', 'apos']);

/**
 * Parses XML: names keep their case and prefix, `<title/>` is an empty element, CDATA is text. HTML's named characters
 * (`&nbsp;`) are supported, because feeds and XHTML use them. Entities declared by a document are not expanded, and
 * nothing that it references is loaded, so a document cannot grow or read a file.
 * @throws UnreadableMarkup that names the exceeded limit
 */
export function parseXml(xml: string): XmlDocument {
  const memory = new PageMemory(xml);
  const builder = new XmlBuilder(memory);
  const parser = new XmlParser(builder, { xmlMode: true });
  const markup = replaceNamedEntities(xml);
  for (let start = 0; start < markup.length; start += CHUNK_CHARACTERS) {
    memory.read = start + CHUNK_CHARACTERS;
    parser.write(markup.slice(start, start + CHUNK_CHARACTERS));
  }
  parser.end();
  const { document, root, unclosed } = builder;
  const isXhtml = root === 'html';
  // Selectors for XHTML may be written as for HTML, in any case.
  return { $: load(document, isXhtml ? {} : { xml: true }), root, unclosed };
}

/** The parser reports `<br/>` and an unclosed `<br>` in the same way, so this class tells them apart. */
class XmlParser extends Parser {
  readonly #builder: XmlBuilder;

  constructor(builder: XmlBuilder, options: { xmlMode: true }) {
    super(builder, options);
    this.#builder = builder;
  }

  override onselfclosingtag(endIndex: number): void {
    this.#builder.isSelfClosing = true;
    super.onselfclosingtag(endIndex);
    this.#builder.isSelfClosing = false;
  }
}

/** The parser calls the methods with names in lower case. */
class XmlBuilder {
  readonly document = new Document([]);
  root: string | undefined;
  unclosed: string | undefined;
  /** Whether the tag that is being parsed ends in `/>`. */
  isSelfClosing = false;
  readonly #memory: PageMemory;
  readonly #open: Element[] = [];
  #attributes: Record<string, string> | undefined;
  #attributeCount = 0;
  #text: string[] = [];

  constructor(memory: PageMemory) {
    this.#memory = memory;
  }

  onattribute(name: string, value: string): void {
    this.#attributeCount += 1;
    if (this.#attributeCount > MAX_ATTRIBUTES)
      throw new UnreadableMarkup('has an element with too many attributes to be read');
    this.#attributes ??= new AttributeRecord();
    this.#attributes[name] ??= detachString(value);
  }

  onopentag(name: string): void {
    this.#endText();
    this.#memory.element(this.#attributeCount);
    const element = new Element(detachString(name), this.#attributes ?? NO_ATTRIBUTES, []);
    this.#attributes = undefined;
    this.#attributeCount = 0;
    this.root ??= name;
    if (this.root === 'html' && !name.includes(':')) element.namespace = XHTML;
    this.#append(element);
    if (this.#open.push(element) > MAX_DEPTH)
      throw new UnreadableMarkup('nests its elements too deeply to be read');
  }

  onclosetag(name: string, isImplied: boolean): void {
    this.#endText();
    this.#open.pop();
    if (isImplied && !this.isSelfClosing) this.unclosed ??= name;
  }

  ontext(text: string): void {
    if (this.#open.length > 0) this.#text.push(text);
  }

  oncomment(text: string): void {
    this.#endText();
    this.#memory.text();
    this.#append(new Comment(detachString(text)));
  }

  /** Adjacent text and CDATA become one text. */
  #endText(): void {
    if (this.#text.length === 0) return;
    this.#memory.text();
    const [only = '', ...more] = this.#text;
    this.#append(new Text(detachString(more.length === 0 ? only : this.#text.join(''))));
    this.#text = [];
  }

  #append(node: Element | Text | Comment): void {
    const parent = this.#open.at(-1) ?? this.document;
    const { lastChild } = parent;
    node.parent = parent;
    node.prev = lastChild;
    if (lastChild !== null) lastChild.next = node;
    if (parent.children.length === 0) parent.children = [node];
    else parent.children.push(node);
  }
}

const NAMED = /<!\[CDATA\[.*?(?:\]\]>|$)|<!--.*?(?:-->|$)|&([A-Za-z][A-Za-z0-9]{1,30});/gs;
const known = new Map<string, string>();

/** Replaces HTML's named characters by their numbers, which the XML parser supports. */
function replaceNamedEntities(xml: string): string {
  if (!/&(?!(?:amp|lt|gt|quot|apos);)[A-Za-z]/.test(xml)) return xml;
  return xml.replaceAll(NAMED, (whole: string, name: string | undefined) =>
    name === undefined || XML_ENTITIES.has(name) ? whole : toNumericEntity(name, whole),
  );
}

function toNumericEntity(name: string, whole: string): string {
  const before = known.get(name);
  if (before !== undefined) return before;
  const text = load(`<p>${whole}`)('p').text();
  const made = text === whole ? whole : [...text].map((one) => `&#${one.codePointAt(0)};`).join('');
  // Only HTML's names are cached, some two thousand. Other names belong to the document.
  if (made !== whole) known.set(name, made);
  return made;
}

/** Copies a string: a slice would keep the whole document in memory as long as a row refers to it. */
function detachString(text: string): string {
  return text.length < 13 ? text : ` ${text}`.slice(1);
}
