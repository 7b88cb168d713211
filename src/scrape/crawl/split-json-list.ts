import { formatBytes } from '../../core/lib/format-bytes.ts';
import type { Location } from '../../core/lib/json-location.ts';
import { pluralize } from '../../core/lib/text.ts';
import { NoJson, notJsonFrom } from '../extract/read-json.ts';
import { readStart } from '../http/content-coding.ts';
import type { JsonValue } from '../lib/page.ts';
import { type PlaceInText, TextPosition } from '../lib/text-position.ts';
import {
  ARRAY_END,
  ARRAY_START,
  COMMA,
  isBlank,
  JsonText,
  LINE_END,
  OBJECT_END,
  OBJECT_START,
  QUOTE,
} from './json-text.ts';
import { JsonSurvey, type ListStart } from './survey-json.ts';

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
  /** Where they are in the answer. */
  excerpt: PlaceInText;
  /** Whether they are the last ones. */
  isLast: boolean;
}

/** A JSON answer that has no list where one should be. */
export class NoList extends Error {
  override readonly name = 'NoList';
  /** What the answer has, with null for the further entries of its lists; undefined if that is too large. */
  readonly frame: JsonValue | undefined;

  constructor(frame: JsonValue | undefined) {
    super('has no such list');
    this.frame = frame;
  }
}

/** Where the entries of a list begin: lines, if nothing says what their place in the text is. */
export type FoundList = Pick<ListStart, 'offset'> | ListStart;

/**
 * Splits a long list within JSON into parts. Each part is JSON of the same shape with some of the entries, so that the
 * same path selects them; all else in the answer is left out. The members of an object are split as the entries of a
 * list are. Only brackets, quotes and commas are read here: an entry that is not JSON shows when its part is parsed.
 * Nothing after the first such list is read.
 * @param body in an encoding that contains ASCII
 * @throws NoJson as the end of a sentence that begins with the address
 * @throws NoList
 */
export async function* splitJsonList(
  body: AsyncIterable<Buffer>,
  place: ListPlace,
): AsyncGenerator<ListPart> {
  const { lines, pieces } = await begin(body, place);
  const survey = new JsonSurvey(place.steps);
  let splitter = lines && createSplitter(place, lines);
  let skip = lines?.offset ?? 0;
  for await (const piece of pieces) {
    if (splitter === undefined) {
      skip = survey.add(piece);
      if (survey.list === undefined) continue;
      splitter = createSplitter(place, survey.list);
    }
    yield* splitter.add(piece.subarray(skip));
    skip = 0;
    if (splitter.isDone) return;
  }
  if (splitter === undefined) throw new NoList(survey.end());
  yield* splitter.end();
}

/**
 * Passes JSON on, and finds a list in it. All but the entries of the list is checked.
 * @param onFound called after the last piece
 * @throws as {@link splitJsonList}
 */
export async function* findJsonList(
  body: AsyncIterable<Buffer>,
  place: ListPlace,
  onFound: (list: FoundList) => void,
): AsyncGenerator<Buffer> {
  const { lines, pieces } = await begin(body, place);
  if (lines !== undefined) {
    yield* pieces;
    onFound(lines);
    return;
  }
  const survey = new JsonSurvey(place.steps);
  for await (const piece of pieces) {
    for (let rest = piece; rest.length > 0; ) rest = rest.subarray(survey.add(rest));
    yield piece;
  }
  const frame = survey.end();
  if (survey.list === undefined) throw new NoList(frame);
  onFound(survey.list);
}

/**
 * Splits a list that was found.
 * @param open returns the bytes of the answer after a number of them
 * @throws NoJson as the end of a sentence that begins with the address
 */
export async function* splitFoundList(
  open: (offset: number) => AsyncIterable<Buffer>,
  place: ListPlace,
  list: FoundList,
): AsyncGenerator<ListPart> {
  const splitter = createSplitter(place, list);
  for await (const piece of open(list.offset)) {
    yield* splitter.add(piece);
    if (splitter.isDone) return;
  }
  yield* splitter.end();
}

function createSplitter(place: ListPlace, list: FoundList): LineSplitter | EntrySplitter {
  return 'place' in list ? new EntrySplitter(place, list) : new LineSplitter(place);
}

const MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const START_BYTES = 64;

async function begin(
  body: AsyncIterable<Buffer>,
  { isLines, steps }: ListPlace,
): Promise<{ lines: Pick<ListStart, 'offset'> | undefined; pieces: AsyncIterable<Buffer> }> {
  const { start, all } = await readStart(body, START_BYTES);
  const mark = start.subarray(0, MARK.length).equals(MARK) ? MARK.length : 0;
  const [first] = start.subarray(mark).toString('latin1').trimStart();
  if (first === '<') throw new NoJson('begins with "<"');
  // An object where a list should be is the first line of many.
  const areLines = steps.length === 0 && (isLines || first === '{');
  return { lines: areLines ? { offset: mark } : undefined, pieces: all };
}

/** The entries of one part. */
class Part {
  /** The number of entries, of all parts so far. */
  entries = 0;
  readonly #maxEntryBytes: number;
  readonly #partBytes: number;
  readonly #position: TextPosition;
  #pieces: Buffer[] = [];
  #size = 0;
  /** The size of the entries that are complete. */
  #complete = 0;
  #before = 0;
  /** The place of its first byte. */
  #start: Location;

  constructor({ maxEntryBytes, partBytes }: ListPlace, start?: Location) {
    this.#maxEntryBytes = maxEntryBytes;
    this.#partBytes = partBytes;
    this.#position = new TextPosition(start);
    this.#start = this.#position.place;
  }

  get size(): number {
    return this.#size;
  }

  add(piece: Buffer): void {
    if (this.#size === 0) this.#start = this.#position.place;
    this.#pieces.push(piece);
    this.#size += piece.length;
    if (this.#size - this.#complete > this.#maxEntryBytes)
      throw new NoJson(
        `has an entry over ${formatBytes(this.#maxEntryBytes)}, after ${pluralize(this.entries, 'other')}`,
      );
  }

  /** Leaves out what stands in the answer before the part. */
  leaveOut(piece: Buffer): void {
    this.#position.add(piece);
  }

  /** The place after it, if it is nothing but white space. */
  get blankEnd(): Location | undefined {
    if (!this.#pieces.every(isWhite)) return undefined;
    const end = new TextPosition(this.#position.place);
    for (const piece of this.#pieces) end.add(piece);
    return end.place;
  }

  /** @returns whether the part is as large as it should be */
  endEntry(): boolean {
    this.entries += 1;
    this.#complete = this.#size;
    return this.#size >= this.#partBytes;
  }

  take(open: string, close: string, isLast = false): ListPart {
    const json = Buffer.concat([Buffer.from(open), ...this.#pieces, Buffer.from(close)]);
    this.#position.add(json.subarray(Buffer.byteLength(open), json.length - close.length));
    const before = this.#before;
    const excerpt = { part: { line: 1, column: open.length + 1 }, text: this.#start };
    this.#pieces = [];
    this.#size = 0;
    this.#complete = 0;
    this.#before = this.entries;
    return { json, before, excerpt, isLast };
  }
}

/** Reads the entries of a list, up to its closing bracket. */
class EntrySplitter {
  isDone = false;
  /** Whether the part begins after a comma. */
  #isAfterComma = false;
  readonly #part: Part;
  readonly #open: string;
  readonly #close: string;
  readonly #text = new JsonText();
  /** The number of open containers in the list. */
  #depth = 0;

  constructor(place: ListPlace, { isObject, place: start }: ListStart) {
    this.#part = new Part(place, start);
    const open = place.steps.map((step) =>
      typeof step === 'number' ? `[${'null,'.repeat(step)}` : `{${JSON.stringify(step)}:`,
    );
    const close = place.steps.map((step) => (typeof step === 'number' ? ']' : '}')).reverse();
    this.#open = `${open.join('')}${isObject ? '{' : '['}`;
    this.#close = `${isObject ? '}' : ']'}${close.join('')}`;
  }

  *add(piece: Buffer): Generator<ListPart> {
    let from = 0;
    for (let at = this.#findEnd(piece, 0); at < piece.length; at = this.#findEnd(piece, at + 1)) {
      if (piece[at] !== COMMA) {
        this.isDone = true;
        if (at > from) {
          this.#part.add(piece.subarray(from, at));
          this.#part.endEntry();
        }
        const end = this.#isAfterComma ? this.#part.blankEnd : undefined;
        if (end !== undefined) throw notJsonFrom(end, piece.toString('utf8', at, at + 1));
        yield this.#part.take(this.#open, this.#close, true);
        return;
      }
      this.#part.add(piece.subarray(from, at));
      from = at;
      if (!this.#part.endEntry()) continue;
      yield this.#part.take(this.#open, this.#close);
      this.#part.leaveOut(piece.subarray(at, at + 1));
      this.#isAfterComma = true;
      from = at + 1;
    }
    this.#part.add(piece.subarray(from));
  }

  /** @returns the place of the comma or bracket that ends an entry, or the end of the piece */
  #findEnd(piece: Buffer, start: number): number {
    const text = this.#text;
    let depth = this.#depth;
    let at = text.isOpen ? text.read(piece, start) + 1 : start;
    for (; at < piece.length; at++) {
      const sign = piece[at] as number;
      if (sign === QUOTE) at = text.begin(piece, at);
      else if (sign === COMMA) {
        if (depth === 0) break;
      } else if (sign === ARRAY_START || sign === OBJECT_START) depth += 1;
      else if (sign === ARRAY_END || sign === OBJECT_END) {
        if (depth === 0) break;
        depth -= 1;
      }
    }
    this.#depth = depth;
    return Math.min(at, piece.length);
  }

  end(): ListPart[] {
    throw new NoJson(`ends within its list, after ${pluralize(this.#part.entries, 'entry', 'entries')}`);
  }
}

/** Reads JSON Lines. A text of JSON contains no line breaks, so each one ends an entry. */
class LineSplitter {
  readonly isDone = false;
  readonly #part: Part;
  #isBlank = true;
  /** The line breaks since the last entry. */
  #breaks = 0;

  constructor(place: ListPlace) {
    this.#part = new Part(place);
  }

  *add(piece: Buffer): Generator<ListPart> {
    let from = 0;
    for (let end = piece.indexOf(LINE_END); end >= 0; end = piece.indexOf(LINE_END, from)) {
      this.#addText(piece.subarray(from, end));
      this.#breaks += 1;
      from = end + 1;
      if (this.#isBlank) continue;
      this.#isBlank = true;
      if (this.#part.endEntry()) yield this.#part.take('[', ']');
    }
    this.#addText(piece.subarray(from));
  }

  end(): ListPart[] {
    if (!this.#isBlank) this.#part.endEntry();
    return this.#part.size > 0 ? [this.#part.take('[', ']', true)] : [];
  }

  #addText(piece: Buffer): void {
    if (this.#isBlank && isBlank(piece)) return;
    if (this.#isBlank) {
      // Lines stay lines, for the places of errors.
      const breaks = '\n'.repeat(this.#breaks);
      if (this.#part.size > 0) this.#part.add(Buffer.from(`,${breaks}`));
      else this.#part.leaveOut(Buffer.from(breaks));
      this.#breaks = 0;
      this.#isBlank = false;
    }
    this.#part.add(piece);
  }
}

function isWhite(piece: Buffer): boolean {
  return piece.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d);
}
