import { type CheerioAPI, load } from 'cheerio';
import type { Element } from 'domhandler';
import { Parser, Token, Tokenizer } from 'parse5';
import type { Htmlparser2TreeAdapterMap as TreeMap } from 'parse5-htmlparser2-tree-adapter';
import type { Page, PageElement, PageNode, PageRoot } from '../lib/page.ts';
import {
  createTreeAdapter,
  flattenString,
  MAX_ATTRIBUTES,
  MAX_DEPTH,
  PageMemory,
  UnreadableMarkup,
} from './page-tree.ts';
import { getElement, type Match } from './select.ts';

/** Pages whose `<noscript>` contains elements, because no script runs. */
const parsedPages = new WeakSet<CheerioAPI>();

/** Whether `<noscript>` is outside the head: there its content would make browsers without scripts end the head. */
function isNoscriptInBody(element: Element): boolean {
  for (let node = element.parent; node !== null; node = node.parent)
    if ('name' in node && (node.name === 'head' || node.name === 'template')) return false;
  return true;
}

/** Records that `<noscript>` of a page contains elements. */
function markNoscriptParsed($: CheerioAPI): void {
  parsedPages.add($);
}

/**
 * Removes matches inside `<noscript>` if there are other matches: pages repeat there the images that their scripts load
 * later, and users do not want both.
 */
export function preferOutsideNoscript<T extends Match>(page: Pick<Page, '$'>, found: T[]): T[] {
  if (!parsedPages.has(page.$) || found.length === 0) return found;
  const shown = found.filter((one) => !isInNoscript(getElement(one)));
  return shown.length === 0 ? found : shown;
}

function isInNoscript(element: PageElement | null): boolean {
  let node: PageNode | PageRoot | null = element?.parent ?? null;
  while (node !== null && !('name' in node && node.name === 'noscript')) node = node.parent;
  return node !== null;
}

/** Limits are checked each time after this many characters of markup. */
const CHUNK_CHARACTERS = 65_536;

class LimitedTokenizer extends Tokenizer {
  /** Number of attributes of the element that is being parsed. */
  get attributes(): number {
    const token = this.currentToken;
    return token?.type === Token.TokenType.START_TAG ? token.attrs.length : 0;
  }

  /** Flattens the strings that are being parsed: a value of megabytes consists of millions of concatenations. */
  flatten(): void {
    flattenString(this.currentAttr.value);
    flattenString(this.currentAttr.name);
    const token = this.currentToken;
    if (token?.type === Token.TokenType.COMMENT) flattenString(token.data);
    if (this.currentCharacterToken !== null) flattenString(this.currentCharacterToken.chars);
  }
}

/**
 * Parses HTML as a browser does (with implied elements such as `tbody`).
 * @param scripted whether scripts have run: then `<noscript>` contains text; otherwise elements, except in the head
 * @throws UnreadableMarkup that names the exceeded limit
 */
export function parseHtml(html: string, { scripted = true } = {}): CheerioAPI {
  const memory = new PageMemory(html);
  const noscripts: Element[] = [];
  const parser = new Parser({ treeAdapter: createTreeAdapter(memory, noscripts), scriptingEnabled: true });
  feed(parser, html, memory);
  const $ = load(parser.document);
  if (!scripted) for (const element of noscripts.filter(isNoscriptInBody)) openNoscript(element, memory, $);
  return $;
}

/** Parses the content separately, so that unclosed tags in it do not affect the rest of the page. */
function openNoscript(element: Element, memory: PageMemory, $: CheerioAPI): void {
  const [text] = element.children;
  if (text?.type !== 'text' || !text.data.includes('<')) return;
  const parser = Parser.getFragmentParser(null, {
    treeAdapter: createTreeAdapter(memory),
    scriptingEnabled: true,
  });
  feed(parser, text.data, memory);
  const { children } = parser.getFragment();
  element.children = children;
  for (const child of children) child.parent = element;
  markNoscriptParsed($);
}

function feed(parser: Parser<TreeMap>, html: string, memory: PageMemory): void {
  const tokenizer = new LimitedTokenizer(parser.options, parser);
  parser.tokenizer = tokenizer;
  for (let start = 0; start === 0 || start < html.length; start += CHUNK_CHARACTERS) {
    memory.read += CHUNK_CHARACTERS;
    tokenizer.write(html.slice(start, start + CHUNK_CHARACTERS), start + CHUNK_CHARACTERS >= html.length);
    if (parser.openElements.stackTop > MAX_DEPTH)
      throw new UnreadableMarkup('nests its elements too deeply to be read');
    if (tokenizer.attributes > MAX_ATTRIBUTES)
      throw new UnreadableMarkup('has an element with too many attributes to be read');
    tokenizer.flatten();
  }
}
