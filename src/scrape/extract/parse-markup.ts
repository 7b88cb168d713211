import type { CheerioAPI } from 'cheerio';
import { parseHtml } from './parse-html.ts';
import { parseXml } from './parse-xml.ts';

/** A page's markup as a tree. */
export interface ParsedMarkup {
  $: CheerioAPI;
  /** XML that is no XHTML: names are as they are written, and no element means anything by itself. */
  isXml: boolean;
  /** What is to be said of how it was read, as half a sentence behind the page's address. */
  note?: string;
}

const XML_TYPE = /^(?:text|application)\/xml$|\+xml$/;
/** Types that say nothing, and are sent for whatever a server does not know. */
const ANY_TYPE = /^$|^text\/plain$|^application\/(?:octet-stream|x-unknown-content-type)$/;
const DECLARATION = /^\s*<\?xml\s/;
/** As browsers find feeds that are sent as HTML (MIME Sniffing, "distinguishing if a resource is a feed or HTML"). */
const FEED = /^\s*(?:<\?[^>]*>\s*|<!--.*?-->\s*|<![^>]*>\s*){0,20}<(?:rss|feed|rdf:RDF)[\s>]/s;
/** A feed begins within so many characters. */
const SNIFFED_CHARACTERS = 4_096;

/**
 * Parses a page as its content type says: as XML, or as HTML. Without a type, or with one that says nothing, the XML
 * declaration decides, and a feed is a feed whatever its type. XHTML that is not well-formed is read as HTML.
 * @param mediaType such as `text/html`, in lower case
 * @param scripted whether scripts have run: then `<noscript>` of HTML holds text, and else elements
 * @throws UnreadableMarkup saying what there is too much of
 */
export function parseMarkup(markup: string, mediaType: string, scripted: boolean): ParsedMarkup {
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

function isXml(markup: string, mediaType: string): boolean {
  if (XML_TYPE.test(mediaType)) return true;
  const start = markup.slice(0, SNIFFED_CHARACTERS);
  return (ANY_TYPE.test(mediaType) && DECLARATION.test(start)) || FEED.test(start);
}
