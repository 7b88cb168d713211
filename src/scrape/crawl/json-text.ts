/** The bytes of JSON that say where its values begin and end, in an encoding that contains ASCII. */
export const QUOTE = 0x22;
const BACKSLASH = 0x5c;
export const COMMA = 0x2c;
export const COLON = 0x3a;
export const LINE_END = 0x0a;
export const ARRAY_START = 0x5b;
export const ARRAY_END = 0x5d;
export const OBJECT_START = 0x7b;
export const OBJECT_END = 0x7d;

/** Knows whether a place in JSON, which arrives in pieces, is within a text. */
export class JsonText {
  isOpen = false;
  #isEscaped = false;

  /**
   * @param start the place of the quote that begins the text
   * @returns as {@link read}
   */
  begin(piece: Buffer, start: number): number {
    this.isOpen = true;
    return this.read(piece, start + 1);
  }

  /** @returns the place of the quote that ends the text, or the end of the piece */
  read(piece: Buffer, start: number): number {
    let from = this.#isEscaped ? start + 1 : start;
    this.#isEscaped = false;
    for (;;) {
      const quote = findQuote(piece, from);
      let before = quote;
      while (before > from && piece[before - 1] === BACKSLASH) before -= 1;
      const isEscaped = (quote - before) % 2 === 1;
      if (quote >= piece.length) {
        this.#isEscaped = isEscaped || from > piece.length;
        return piece.length;
      }
      if (!isEscaped) {
        this.isOpen = false;
        return quote;
      }
      from = quote + 1;
    }
  }
}

/** Most texts are shorter: a search by the platform begins later, and is faster then. */
const SHORT_TEXT = 24;

/** @returns the place of the next quote, or the end of the piece */
function findQuote(piece: Buffer, from: number): number {
  const near = Math.min(from + SHORT_TEXT, piece.length);
  for (let at = from; at < near; at++) if (piece[at] === QUOTE) return at;
  const far = near < piece.length ? piece.indexOf(QUOTE, near) : -1;
  return far < 0 ? piece.length : far;
}

/** Whether bytes within a line are white space. */
export function isBlank(piece: Buffer): boolean {
  return piece.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);
}
