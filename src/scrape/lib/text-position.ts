import { isAscii } from 'node:buffer';
import type { Location } from '../../core/lib/json-location.ts';

const LINE_END = 0x0a;

/** Follows the line and column at the end of bytes of UTF-8; columns count UTF-16 code units, as in editors. */
export class TextPosition {
  #line: number;
  #column: number;
  /** The number of bytes so far. */
  bytes = 0;

  constructor({ line, column }: Location = { line: 1, column: 1 }) {
    this.#line = line;
    this.#column = column;
  }

  /** The place of the next byte. */
  get place(): Location {
    return { line: this.#line, column: this.#column };
  }

  add(bytes: Buffer): void {
    this.bytes += bytes.length;
    let from = 0;
    for (let end = bytes.indexOf(LINE_END); end >= 0; end = bytes.indexOf(LINE_END, from)) {
      this.#line += 1;
      this.#column = 1;
      from = end + 1;
    }
    this.#column += countUnits(from === 0 ? bytes : bytes.subarray(from));
  }
}

function countUnits(bytes: Buffer): number {
  if (isAscii(bytes)) return bytes.length;
  let units = 0;
  for (const byte of bytes) if ((byte & 0xc0) !== 0x80) units += byte >= 0xf0 ? 2 : 1;
  return units;
}

/** A place in a part of a text, and the same place in the text. */
export interface PlaceInText {
  part: Location;
  text: Location;
}

/** Returns where a place of the part is in the text. All before the known place is on its line, or is not in the text. */
export function toPlaceInText({ line, column }: Location, { part, text }: PlaceInText): Location {
  return {
    line: line - part.line + text.line,
    column: line === part.line ? column - part.column + text.column : column,
  };
}
