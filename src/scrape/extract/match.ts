import type { PageElement } from '../lib/page.ts';

/** What a selector found: an element, or by XPath an attribute, a text, or a value that it computed. */
export type Match = PageElement | TextMatch;

export interface TextMatch {
  readonly text: string;
  /** The element that it is an attribute of or stands in; null when it was computed. */
  readonly element: PageElement | null;
  /** The attribute's name. */
  readonly attribute?: string;
}

export function isTextMatch(match: Match): match is TextMatch {
  return !('attribs' in match);
}

/** The element that was found, or that the text belongs to. */
export function getElement(match: Match): PageElement | null {
  return isTextMatch(match) ? match.element : match;
}
