import { formatBytes } from '../../core/lib/format-bytes.ts';
import { pluralize } from '../../core/lib/text.ts';
import { NoJson } from '../extract/read-json.ts';
import { readStart } from '../http/content-coding.ts';

/** Where a list is in JSON, and how large its parts are. */
export interface ListPlace {
  /** The names and indexes that lead to the list; none if the whole answer is the list. */
  steps: readonly (string | number)[];
  /** Whether the answer is said to be JSON Lines: each line is JSON of its own, and an entry. */
  isLines: boolean;
  /** A part ends with the entry that makes it as large as this. */
  partBytes: number;
  /** A larger entry is an error. */
  maxEntryBytes: number;
}

/** Some entries of a list. */
export interface ListPart {
  /** JSON of the answer's shape. */
  json: Buffer;
  /** The number of entries before them. */
  before: number;
}

/**
 * Splits a long list within JSON into parts. Each part is JSON of the same shape with some of the entries, so that the
 * same path selects them; all else in the answer is left out. The members of an object are split as the entries of a
 * list are. Only brackets, quotes and commas are read here: an entry that is not JSON shows when its part is parsed.
 * @param body in an encoding that contains ASCII
 * @returns no part if there is no such list
 * @throws NoJson as the end of a sentence that begins with the address
 */
export async function* splitJsonList(
  body: AsyncIterable<Buffer>,
  place: ListPlace,
): AsyncGenerator<ListPart> {
  const { start, all } = await readStart(body, START_BYTES);
  const mark = start.subarray(0, MARK.length).equals(MARK) ? MARK.length : 0;
  const [first] = start.subarray(mark).toString('latin1').trimStart();
  if (first === '<') throw new NoJson('begins with "<"');
  // An object where a list should be is the first line of many.
  const isLines = place.isLines || (place.steps.length === 0 && first === '{');
  const splitter = isLines ? new LineSplitter(place) : new ListSplitter(place);
  let skip = mark;
  for await (const piece of all) {
    yield* splitter.add(piece.subarray(skip));
    skip = 0;
  }
  yield* splitter.end();
}

/** The entries of one part. */
class Part {
  readonly #place: ListPlace;
  #pieces: Buffer[] = [];
  #size = 0;
  /** The size of the entries that are complete. */
  #complete = 0;
  /** The number of entries, of all parts so far. */
  entries = 0;
  #before = 0;

  constructor(place: ListPlace) {
    this.#place = place;
  }

  get size(): number {
    return this.#size;
  }

  add(piece: Buffer): void {
    this.#pieces.push(piece);
    this.#size += piece.length;
    const { maxEntryBytes } = this.#place;
    if (this.#size - this.#complete > maxEntryBytes)
      throw new NoJson(
        `has an entry over ${formatBytes(maxEntryBytes)}, after ${pluralize(this.entries, 'other')}`,
      );
  }

  /** @returns whether the part is as large as it should be */
  endEntry(): boolean {
    this.entries += 1;
    this.#complete = this.#size;
    return this.#size >= this.#place.partBytes;
  }

  take(open: string, close: string): ListPart {
    const json = Buffer.concat([Buffer.from(open), ...this.#pieces, Buffer.from(close)]);
    const before = this.#before;
    this.#pieces = [];
    this.#size = 0;
    this.#complete = 0;
    this.#before = this.entries;
    return { json, before };
  }
}

const MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const START_BYTES = 64;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const LINE_END = 0x0a;
const ARRAY_START = 0x5b;
const ARRAY_END = 0x5d;
const OBJECT_START = 0x7b;
const OBJECT_END = 0x7d;

/** An open list or object on the way to the list, or the list itself. */
interface Container {
  isObject: boolean;
  /** The name or index of its current value; undefined before a name. */
  key: string | number | undefined;
}

class ListSplitter {
  readonly #steps: ListPlace['steps'];
  readonly #part: Part;
  readonly #way: Container[] = [];
  /** The number of open containers, on the way or not. */
  #depth = 0;
  #isInText = false;
  #isEscaped = false;
  /** The text that is being read, if it may be the name of a member on the way. */
  #name: Buffer[] | undefined;
  #isDone = false;

  constructor(place: ListPlace) {
    this.#steps = place.steps;
    this.#part = new Part(place);
  }

  *add(piece: Buffer): Generator<ListPart> {
    let from = 0;
    for (let at = 0; at < piece.length && !this.#isDone; at++) {
      if (this.#isInText) {
        at = this.#readText(piece, at);
        continue;
      }
      const sign = piece[at];
      if (sign === QUOTE) this.#beginText();
      else if (sign === ARRAY_START || sign === OBJECT_START) {
        if (this.#open(sign === OBJECT_START)) from = at + 1;
      } else if (sign === ARRAY_END || sign === OBJECT_END) {
        if (this.#isAtEntry) {
          yield this.#endPart(piece.subarray(from, at));
          this.#isDone = true;
        }
        this.#close();
      } else if (this.#depth !== this.#way.length) continue;
      else if (sign === COMMA) {
        if (!this.#isAtEntry) this.#next();
        else {
          this.#part.add(piece.subarray(from, at));
          from = at;
          if (!this.#part.endEntry()) continue;
          yield this.#endPart();
          from = at + 1;
        }
      } else if (sign === COLON) this.#endName();
    }
    if (this.#isInList && !this.#isDone) this.#part.add(piece.subarray(from));
  }

  end(): ListPart[] {
    if (this.#isDone || this.#depth === 0) return [];
    const { entries } = this.#part;
    throw new NoJson(
      this.#isInList
        ? `ends within its list, after ${pluralize(entries, 'entry', 'entries')}`
        : 'ends before it is complete',
    );
  }

  get #isInList(): boolean {
    return this.#way.length > this.#steps.length;
  }

  /** Whether the place is in the list, and in no entry of it. */
  get #isAtEntry(): boolean {
    return this.#isInList && this.#depth === this.#way.length;
  }

  #beginText(): void {
    this.#isInText = true;
    const mayBeName = this.#depth === this.#way.length && !this.#isInList;
    const container = this.#way.at(-1);
    this.#name = mayBeName && container?.isObject && container.key === undefined ? [] : undefined;
  }

  /** @returns the place of the last sign of the text in this piece */
  #readText(piece: Buffer, start: number): number {
    let at = start;
    for (; at < piece.length; at++) {
      if (this.#isEscaped) this.#isEscaped = false;
      else if (piece[at] === BACKSLASH) this.#isEscaped = true;
      else if (piece[at] === QUOTE) {
        this.#isInText = false;
        break;
      }
    }
    this.#name?.push(piece.subarray(start, at));
    return at;
  }

  #endName(): void {
    const container = this.#way.at(-1);
    if (this.#name === undefined || container === undefined) return;
    try {
      container.key = JSON.parse(`"${Buffer.concat(this.#name).toString('utf8')}"`) as string;
    } catch {
      container.key = undefined;
    }
    this.#name = undefined;
  }

  /** @returns whether the list begins here */
  #open(isObject: boolean): boolean {
    const isOnWay =
      this.#depth === this.#way.length &&
      !this.#isInList &&
      (this.#depth === 0 || this.#way.at(-1)?.key === this.#steps[this.#depth - 1]);
    this.#depth += 1;
    if (!isOnWay) return false;
    this.#way.push({ isObject, key: isObject ? undefined : 0 });
    return this.#isInList;
  }

  #close(): void {
    // Guards such as )]}' begin some answers.
    if (this.#depth === 0) return;
    if (this.#depth === this.#way.length) this.#way.pop();
    this.#depth -= 1;
  }

  #next(): void {
    const container = this.#way.at(-1);
    if (container !== undefined)
      container.key = typeof container.key === 'number' ? container.key + 1 : undefined;
  }

  #endPart(rest: Buffer = Buffer.alloc(0)): ListPart {
    if (rest.length > 0) {
      this.#part.add(rest);
      this.#part.endEntry();
    }
    const isObject = this.#way.at(-1)?.isObject === true;
    const open = this.#steps.map((step) =>
      typeof step === 'number' ? `[${'null,'.repeat(step)}` : `{${JSON.stringify(step)}:`,
    );
    const close = this.#steps.map((step) => (typeof step === 'number' ? ']' : '}')).reverse();
    return this.#part.take(
      `${open.join('')}${isObject ? '{' : '['}`,
      `${isObject ? '}' : ']'}${close.join('')}`,
    );
  }
}

/** Reads JSON Lines. A text of JSON contains no line breaks, so each one ends an entry. */
class LineSplitter {
  readonly #part: Part;
  #isBlank = true;

  constructor(place: ListPlace) {
    this.#part = new Part(place);
  }

  *add(piece: Buffer): Generator<ListPart> {
    let from = 0;
    for (let end = piece.indexOf(LINE_END); end >= 0; end = piece.indexOf(LINE_END, from)) {
      this.#addText(piece.subarray(from, end));
      from = end + 1;
      if (this.#isBlank) continue;
      this.#isBlank = true;
      if (this.#part.endEntry()) yield this.#part.take('[', ']');
    }
    this.#addText(piece.subarray(from));
  }

  end(): ListPart[] {
    if (!this.#isBlank) this.#part.endEntry();
    return this.#part.size > 0 ? [this.#part.take('[', ']')] : [];
  }

  #addText(piece: Buffer): void {
    if (this.#isBlank && isBlank(piece)) return;
    if (this.#isBlank && this.#part.size > 0) this.#part.add(Buffer.from(','));
    this.#isBlank = false;
    this.#part.add(piece);
  }
}

function isBlank(piece: Buffer): boolean {
  return piece.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);
}
