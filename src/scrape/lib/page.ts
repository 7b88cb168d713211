import type { CheerioAPI } from 'cheerio';

export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

/** One row: its fields in the configuration's order. */
export type Item = Record<string, JsonValue>;

/** A parsed page. */
export interface Page {
  readonly $: CheerioAPI;
  /** Where it came from, after redirects. */
  readonly url: string;
  /** The same as rows may hold it: with references for what variables filled in; default: as it is. */
  readonly unfilledUrl?: string;
  /** Of the header, such as `text/html`: in lower case, without its parameters; empty when there is none. */
  readonly contentType: string;
  /** When it was fetched, in epoch milliseconds. */
  readonly fetchedAt: number;
  /** XML that is no XHTML. */
  readonly isXml: boolean;
  /** What is to be said of how it was read: a sentence that begins with its address. */
  readonly note?: string;
  /** Links lead on only as its site wrote them in an attribute, and not as an expression computes them. */
  readonly writtenLinksOnly?: boolean;
}

/** The root of a parsed document. */
export type PageRoot = ReturnType<CheerioAPI['root']>[number];

export type PageNode = PageRoot['children'][number];

export type PageElement = Extract<PageNode, { attribs: unknown }>;
