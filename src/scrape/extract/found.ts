import type { PageElement } from './page.ts';

/** What a selector found: an element, or by XPath an attribute, a text, or a value that it computed. */
export type Found = PageElement | FoundText;

export interface FoundText {
  readonly text: string;
  /** The element that it is an attribute of or stands in; null when it was computed. */
  readonly element: PageElement | null;
  /** The attribute's name. */
  readonly attribute?: string;
}

export function isFoundText(found: Found): found is FoundText {
  return !('attribs' in found);
}

/** The element that was found, or that the text belongs to. */
export function elementOf(found: Found): PageElement | null {
  return isFoundText(found) ? found.element : found;
}
