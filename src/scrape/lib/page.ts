import type { CheerioAPI } from 'cheerio';
import type { PlaceInText } from './text-position.ts';

export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

/** One row: its fields in the configuration's order. */
export type Item = Record<string, JsonValue>;

/** A parsed page. */
export interface Page {
  readonly $: CheerioAPI;
  /** The address of the page, after redirects. */
  readonly url: string;
  /** The address for rows, with `${NAME}` instead of variables' values. Default: `url`. */
  readonly unfilledUrl?: string;
  /** The media type of the header, such as `text/html`: in lower case, without parameters; empty without a header. */
  readonly contentType: string;
  /** When it was fetched, in epoch milliseconds. */
  readonly fetchedAt: number;
  /** Whether the page is XML, but not XHTML. */
  readonly isXml: boolean;
  /** Whether the page is JSON, JSON Lines or JSONP; its tree then holds nothing but the text. */
  readonly isJson?: boolean;
  /**
   * The data that were read from it, by their place (extract/page-json.ts). A map that holds the pages weakly would keep
   * the data of many until the next full garbage collection.
   */
  readonly data: Map<string, readonly JsonValue[]>;
  /** Only of a page on which many selectors are tried (extract/page-index.ts). */
  readonly index?: ElementIndex;
  /** Where its text is in the answer, if it is a part of one. */
  readonly excerpt?: PlaceInText;
  /** Of the parts before it: the entries of the list, and the rows that were selected. */
  readonly earlier?: { entries: number; rows: number };
  /** Whether only this first part of the answer is read. */
  readonly isBeginning?: boolean;
  /** Selects the scripts of the page that hold its JSON. */
  readonly embedded?: string;
  /** The header `Link` of the response, if there was one. */
  readonly linkHeader?: string;
  /** How the page was parsed, if that is unusual: a sentence that begins with its address. */
  readonly note?: string;
  /** Whether only links that the site wrote in an attribute are followed, and none that an expression computes. */
  readonly writtenLinksOnly?: boolean;
}

/** Finds what CSS selectors match on a page, without a search of the whole page for each of them. */
export interface ElementIndex {
  /** All elements, in document order. */
  readonly elements: readonly PageElement[];
  /** What a selector is known to match. */
  get(selector: string): readonly PageElement[] | undefined;
  set(selector: string, found: readonly PageElement[]): void;
  /** Returns the elements that a plain selector may match, in document order; undefined if this is not known. */
  listPossible(selector: string): readonly PageElement[] | undefined;
}

/** The root of a parsed document. */
export type PageRoot = ReturnType<CheerioAPI['root']>[number];

export type PageNode = PageRoot['children'][number];

export type PageElement = Extract<PageNode, { attribs: unknown }>;
