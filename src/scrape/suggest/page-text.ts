import { isElement } from '../extract/select.ts';
import type { Page, PageElement, PageNode, PageRoot } from '../lib/page.ts';

/** White space, and characters without a width: they differ where people see the same text. */
const BLANK = /[\s\u00ad\u200b-\u200f\u2060\ufeff]+/gu;
const QUOTES = /[‘’‚‛ʼ′`´]/gu;
const DOUBLE_QUOTES = /[“”„‟″«»]/gu;
const DASHES = /[‐‑‒–—―−]/gu;

/** Returns what stays of a text if white space, case and kinds of quotes and dashes do not matter. */
export function foldText(text: string): string {
  const isAscii = /^[\x20-\x7e\s]*$/.test(text);
  const plain = isAscii
    ? text
    : text.normalize('NFKC').replaceAll(QUOTES, "'").replaceAll(DOUBLE_QUOTES, '"').replaceAll(DASHES, '-');
  return plain.toLowerCase().replaceAll(BLANK, '');
}

/** In HTML, their content is not part of an element's text (`getText`). */
const SILENT_TAGS = new Set(['script', 'style', 'noscript', 'template']);

/** An element that holds a text, and whether it holds nothing else. */
export interface TextPlace {
  element: PageElement;
  isWhole: boolean;
}

/**
 * The folded text of a whole page, and which part of it each element holds: a text is found wherever its element
 * begins, also when it spans several elements.
 */
export class PageText {
  /** In document order. */
  readonly elements: PageElement[] = [];
  readonly text: string;
  readonly #numbers = new Map<PageElement, number>();
  /** By the number of an element: the part of the text that it holds, and the number of its last descendant. */
  readonly #from: number[] = [];
  readonly #to: number[] = [];
  readonly #last: number[] = [];
  /** Where each piece of text begins, and the number of its element. */
  readonly #starts: number[] = [];
  readonly #owners: number[] = [];

  /** @param maxSiblings of longer lists of siblings, only the first ones are read */
  constructor(page: Page, maxSiblings = Number.POSITIVE_INFINITY) {
    const pieces: string[] = [];
    let length = 0;
    // A stack instead of recursion: pages can be nested deeper than the call stack allows.
    const left: (PageNode | PageRoot | { ends: number })[] = [page.$.root()[0] as PageRoot];
    const open: number[] = [];
    for (let node = left.pop(); node !== undefined; node = left.pop()) {
      if ('ends' in node) {
        open.pop();
        this.#to[node.ends] = length;
        this.#last[node.ends] = this.elements.length - 1;
      } else if (node.type === 'text') {
        const piece = foldText(node.data);
        if (piece === '' || open.length === 0) continue;
        this.#starts.push(length);
        this.#owners.push(open.at(-1) ?? 0);
        pieces.push(piece);
        length += piece.length;
      } else if ('children' in node) {
        if (isElement(node)) {
          const number = this.elements.push(node) - 1;
          this.#numbers.set(node, number);
          this.#from.push(length);
          open.push(number);
          left.push({ ends: number });
          if (!page.isXml && SILENT_TAGS.has(node.name)) continue;
        }
        let child = node.children[maxSiblings - 1] ?? node.lastChild;
        for (; child !== null; child = child.prev) left.push(child as PageNode);
      }
    }
    this.text = pieces.join('');
  }

  /** The number of an element in document order. */
  numberOf(element: PageElement): number {
    return this.#numbers.get(element) ?? -1;
  }

  /** The number of its last descendant, or its own. */
  lastOf(element: PageElement): number {
    return this.#last[this.numberOf(element)] ?? -1;
  }

  /** The length of an element's folded text. */
  lengthOf(element: PageElement): number {
    const number = this.numberOf(element);
    return (this.#to[number] ?? 0) - (this.#from[number] ?? 0);
  }

  textOf(element: PageElement): string {
    const number = this.numberOf(element);
    return this.text.slice(this.#from[number], this.#to[number]);
  }

  /**
   * Returns the innermost element around each occurrence of a folded text, in document order.
   * @param maxPlaces of each kind: elements that hold only this text, and elements that hold more
   */
  find(folded: string, maxPlaces: number): TextPlace[] {
    const found = new Map<PageElement, TextPlace>();
    let whole = 0;
    let scanned = 0;
    for (let at = this.text.indexOf(folded); at >= 0; at = this.text.indexOf(folded, at + 1)) {
      scanned += 1;
      if (whole >= maxPlaces || scanned > MAX_OCCURRENCES) break;
      const place = this.#placeOf(at, at + folded.length);
      if (place === undefined || found.has(place.element)) continue;
      if (!place.isWhole && found.size - whole >= maxPlaces) continue;
      if (place.isWhole) whole += 1;
      found.set(place.element, place);
    }
    return [...found.values()];
  }

  #placeOf(from: number, to: number): TextPlace | undefined {
    let element: PageElement | undefined = this.elements[this.#owners[this.#pieceAt(from)] ?? 0];
    while (element !== undefined) {
      const number = this.numberOf(element);
      const [first = 0, end = 0] = [this.#from[number], this.#to[number]];
      if (first <= from && to <= end) return { element, isWhole: first === from && to === end };
      element = isElement(element.parent) ? element.parent : undefined;
    }
    return undefined;
  }

  /** Returns the last piece of text that begins at or before a position. */
  #pieceAt(position: number): number {
    let [low, high] = [0, this.#starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= position) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** A short text occurs everywhere on a long page. */
const MAX_OCCURRENCES = 100_000;
