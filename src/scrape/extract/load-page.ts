import { isUtf8 } from 'node:buffer';
import type { CheerioAPI } from 'cheerio';
import { load } from 'cheerio/slim';
import { decodeBuffer, getEncoding } from 'encoding-sniffer';
import type { Conceal } from '../../core/lib/redact.ts';
import type { Page } from '../lib/page.ts';
import { ScrapeError } from '../lib/scrape-error.ts';
import { concealPage } from './conceal-page.ts';
import { UnreadableMarkup } from './page-tree.ts';
import { parseHtml } from './parse-html.ts';
import { parseXml } from './parse-xml.ts';
import { looksLikeJson } from './read-json.ts';

/** A page's markup, parsed into a tree. */
interface ParsedMarkup {
  $: CheerioAPI;
  /** XML, but not XHTML: names keep their case, and no element has a special meaning. */
  isXml: boolean;
  isJson?: boolean;
  /** How the markup was read, as the end of a sentence that begins with the page's address. */
  note?: string;
}

const XML_TYPE = /^(?:text|application)\/xml$|\+xml$/;
/** Generic types, which servers send for files that they do not know. */
const ANY_TYPE = /^$|^text\/plain$|^application\/(?:octet-stream|x-unknown-content-type)$/;
const JSON_TYPE =
  /^(?:application|text)\/(?:json|x-json|x-ndjson|ndjson|jsonl|jsonlines|x-jsonlines|json-seq)$|\+json$/;
/** Services send JSON under these names, too. */
const SCRIPT_OR_HTML = /^(?:application|text)\/(?:html|javascript|x-javascript)$/;
const DECLARATION = /^\s*<\?xml\s/;
/** How browsers detect feeds sent as HTML (MIME Sniffing, "distinguishing if a resource is a feed or HTML"). */
const FEED = /^\s*(?:<\?[^>]*>\s*|<!--.*?-->\s*|<![^>]*>\s*){0,20}<(?:rss|feed|rdf:RDF)[\s>]/s;
/** A feed must begin within this many characters. */
const SNIFFED_CHARACTERS = 4_096;

/**
 * Parses markup according to its content type, as JSON, XML or HTML. Without a type, or with a generic one, the XML
 * declaration decides. A feed is parsed as XML whatever its type. XHTML that is not well-formed is parsed as HTML.
 * @param mediaType such as `text/html`, in lower case
 * @param scripted whether scripts have run: then `<noscript>` of HTML contains text, otherwise elements
 * @throws UnreadableMarkup that names the exceeded limit
 */
function parseMarkup(markup: string, mediaType: string, scripted: boolean): ParsedMarkup {
  if (isJson(markup, mediaType)) return { $: createTextPage(markup), isXml: false, isJson: true };
  if (!isXml(markup, mediaType)) return { $: parseHtml(markup, { scripted }), isXml: false };
  const { $, root, unclosed } = parseXml(markup);
  if (root === undefined) return { $: parseHtml(markup, { scripted }), isXml: false };
  const isXhtml = /^html$/i.test(root);
  if (unclosed === undefined) return { $, isXml: !isXhtml };
  const problem = `is not well-formed XML (<${unclosed.slice(0, 40)}> has no end)`;
  if (isXhtml)
    return { $: parseHtml(markup, { scripted }), isXml: false, note: `${problem} and was read as HTML` };
  return { $, isXml: true, note: `${problem} and was read as far as it can be` };
}

function isJson(markup: string, mediaType: string): boolean {
  if (JSON_TYPE.test(mediaType)) return true;
  return (ANY_TYPE.test(mediaType) || SCRIPT_OR_HTML.test(mediaType)) && looksLikeJson(markup);
}

/** Like a browser's page for a file of text. */
function createTextPage(text: string): CheerioAPI {
  const $ = load('<pre></pre>');
  $('pre').text(text);
  return $;
}

function isXml(markup: string, mediaType: string): boolean {
  if (XML_TYPE.test(mediaType)) return true;
  const start = markup.slice(0, SNIFFED_CHARACTERS);
  return (ANY_TYPE.test(mediaType) && DECLARATION.test(start)) || FEED.test(start);
}

/** The standard says 1,024 bytes; browsers read more. */
const SNIFFED_BYTES = 4096;

/** Options of {@link loadPage}. */
interface LoadOptions {
  /** Hides what selectors must not see (conceal-page.ts). */
  conceal?: Conceal | undefined;
  /** In epoch milliseconds; default: now. */
  fetchedAt?: number;
  /** Whether scripts have run in a browser: then `<noscript>` is ignored. */
  scripted?: boolean;
  /** Selects the scripts that hold the page's JSON. */
  embedded?: string | undefined;
}

/**
 * Parses a page: HTML as a browser does (with implied elements such as `tbody`), XML as XML. JSON stays a text, which is
 * read when a selector asks for it (page-json.ts).
 *
 * The encoding comes from the byte order mark, then from the header's charset, then from `<meta>` or the XML
 * declaration (HTML standard, 13.2.3.2). Otherwise it is UTF-8 if the bytes are valid UTF-8, else windows-1252.
 * @throws ScrapeError `too_large` for markup that would exhaust memory or take hours (page-tree.ts)
 * @param contentType the header's value, such as `text/html; charset=Shift_JIS`
 */
export function loadPage(
  body: Buffer,
  contentType: string | undefined,
  url: string,
  { conceal, fetchedAt = Date.now(), scripted = false, embedded }: LoadOptions = {},
): Page {
  const [type = ''] = /^[\w.+-]+\/[\w.+-]+/.exec(contentType?.trim() ?? '') ?? [];
  const mediaType = type.toLowerCase();
  const { note, ...parsed } = parse(decodeBody(body, contentType), { mediaType, scripted, url });
  const page = {
    ...parsed,
    url,
    contentType: mediaType,
    fetchedAt,
    data: new Map(),
    ...(embedded !== undefined && { embedded }),
  };
  const shown = conceal === undefined ? page : concealPage(page, conceal);
  return note === undefined ? shown : { ...shown, note: `${shown.url} ${note}` };
}

function parse(
  markup: string,
  { mediaType, scripted, url }: { mediaType: string; scripted: boolean; url: string },
): ParsedMarkup {
  try {
    return parseMarkup(markup, mediaType, scripted);
  } catch (error) {
    if (!(error instanceof UnreadableMarkup)) throw error;
    throw new ScrapeError('too_large', `${url} ${error.message}`, {
      url,
      hint: 'Reading it would take more memory or time than a run has. Make the site show less on a page, and follow its pages (pagination).',
    });
  }
}

/** Decodes a body as {@link loadPage} describes. */
export function decodeBody(body: Buffer, contentType: string | undefined): string {
  if (isPlainUtf8(body, contentType)) return body.toString('utf8');
  if (isOldJapanese(body, contentType)) return new TextDecoder('iso-2022-jp').decode(body);
  const options = encodingOptions(body, contentType);
  // Node decodes UTF-8, the usual encoding, faster. A byte order mark is left to the decoder, which removes it.
  if (body[0] !== 0xef && getEncoding(body, options).toLowerCase() === 'utf-8') return body.toString('utf8');
  try {
    return decodeBuffer(body, options);
  } catch (error) {
    if (!isUnknownEncoding(error)) throw error;
    // The header names an encoding that exists but that the decoder does not support.
    return decodeBuffer(body, encodingOptions(body, undefined));
  }
}

/** The usual case: the header says UTF-8, and no byte order mark can contradict it. */
function isPlainUtf8(body: Buffer, contentType = ''): boolean {
  const [first = 0] = body;
  return getCharset(contentType)?.toLowerCase() === 'utf-8' && first !== 0xef && first < 0xfe;
}

/** Returns the charset that a header's value names. */
export function getCharset(contentType: string): string | undefined {
  return /;\s*charset\s*=\s*["']?([^"';\s]+)/i.exec(contentType)?.[1];
}

/** ISO-2022-JP is the standard's only encoding that cheerio's decoder lacks; it silently uses another one. */
function isOldJapanese(body: Buffer, contentType = ''): boolean {
  const told = /charset/i.test(contentType) ? contentType : body.toString('latin1', 0, SNIFFED_BYTES);
  return /(?:charset|encoding)\s*=\s*["']?iso-2022-jp/i.test(told);
}

function encodingOptions(body: Buffer, contentType = '') {
  const label = getCharset(contentType);
  return {
    maxBytes: SNIFFED_BYTES,
    defaultEncoding: isUtf8(body) ? 'utf-8' : 'windows-1252',
    ...(label !== undefined && { transportLayerEncodingLabel: label }),
  };
}

function isUnknownEncoding(error: unknown): boolean {
  return error instanceof Error && /encoding/i.test(error.message);
}
