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

/** A document that was read as XML. */
export interface XmlDocument {
  $: CheerioAPI;
  /** The name of its root; undefined when it holds no element. */
  root: string | undefined;
  /** An element that has no end tag: the document is not well-formed, and what lies within is a guess. */
  unclosed: string | undefined;
}

/** Markup is handed over in pieces of so many characters. */
const CHUNK_CHARACTERS = 65_536;
const XHTML = 'http://www.w3.org/1999/xhtml';
/** XML's own, which the parser knows. */
const XML_ENTITIES: ReadonlySet<string> = new Set(['amp', 'lt', 'gt', 'quot', 'apos']);

/**
 * Parses XML: names keep their case and their prefix, `<title/>` is an empty element, CDATA is text. Entities that a
 * document declares stay as they are written, and nothing that it names is loaded, so it cannot grow or read a file. HTML's
 * named characters (`&nbsp;`) are known, as feeds and XHTML have them.
 * @throws UnreadableMarkup saying what there is too much of
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
  // Selectors of XHTML may be written as for HTML, in any case.
  return { $: load(document, isXhtml ? {} : { xml: true }), root, unclosed };
}

/** The parser tells of `<br/>` and of a `<br>` that nothing closes in the same way. */
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

/** Its methods in lower case are called by the parser. */
class XmlBuilder {
  readonly document = new Document([]);
  root: string | undefined;
  unclosed: string | undefined;
  /** Whether the tag that is being read ends in `/>`. */
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
      throw new UnreadableMarkup('nests its elements too deep to be read');
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

  /** Text and CDATA that touch each other are one text. */
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

/** Writes characters that have a name in HTML by their number, which XML's parser knows. */
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
  // Names are HTML's, so there are some two thousand; others are the document's own.
  if (made !== whole) known.set(name, made);
  return made;
}

/** A copy: a slice of the document would keep all of it in memory for as long as a row has it. */
function detachString(text: string): string {
  return text.length < 13 ? text : ` ${text}`.slice(1);
}
