import type { Location } from '../../core/lib/json-location.ts';
import { pluralize } from '../../core/lib/text.ts';
import { NoJson, notJsonFrom } from '../extract/read-json.ts';
import type { JsonValue } from '../lib/page.ts';
import { TextPosition } from '../lib/text-position.ts';
import { JsonChecker, NotAllowed } from './json-checker.ts';
import { Frame, toNoJson } from './json-frame.ts';
import {
  ARRAY_END,
  ARRAY_START,
  COLON,
  COMMA,
  isBlank,
  JsonText,
  LINE_END,
  OBJECT_END,
  OBJECT_START,
  QUOTE,
} from './json-text.ts';

/** Where the entries of a list begin in an answer. */
export interface ListStart {
  place: Location;
  /** Bytes before them. */
  offset: number;
  /** Whether its entries are the members of an object. */
  isObject: boolean;
}

/** An open list or object on the way to the list, or the list itself. */
interface Container {
  isObject: boolean;
  /** The name or index of its current value; undefined before a name. */
  key: string | number | undefined;
}

/** What the frame leaves out, up to the bracket that ends it. */
interface Left {
  depth: number;
  entries: number;
  /** Of a list that is not wanted: no part of it will be parsed. */
  checker?: JsonChecker;
}

/**
 * Finds a list in JSON that is too large to be parsed at once. Of equal names the last one counts, as in small JSON. What
 * is around the list is parsed in the end.
 */
export class JsonSurvey {
  /** The list; undefined if there is none so far. */
  list: ListStart | undefined;
  readonly #steps: readonly (string | number)[];
  readonly #way: Container[] = [];
  readonly #position = new TextPosition();
  readonly #frame = new Frame();
  /** By open container: whether it is a list. Those that the frame leaves out are not in it. */
  readonly #lists: boolean[] = [];
  readonly #text = new JsonText();
  #depth = 0;
  /** The text that is being read, if it may be the name of a member on the way. */
  #name: Buffer[] | undefined;
  /** What the frame leaves out: the entries of the list, or those of another one after the first. */
  #left: Left | undefined;
  #isOver = false;
  /** The line in which it is over. */
  #endLine = 0;
  /** The lines after the first one, if each is a value of its own (JSON Lines). */
  #lines: LineCounter | undefined;
  /** The bytes of the current piece that were added to the position and the frame. */
  #added = 0;

  /** @param steps the names and indexes that lead to the list; none if the whole answer is the list */
  constructor(steps: readonly (string | number)[]) {
    this.#steps = steps;
  }

  /**
   * @returns the number of bytes that were read: all, or those before the first entry of a list that begins here
   * @throws NoJson as the end of a sentence that begins with the address
   */
  add(piece: Buffer): number {
    const end = this.#read(piece);
    this.#addUntil(piece, end);
    this.#added = 0;
    return end;
  }

  /**
   * Call it after the last piece.
   * @returns what is around the list: all but its entries, with null for the further entries of other lists, and for
   *   further lines; undefined if that is too large
   * @throws NoJson as the end of a sentence that begins with the address
   */
  end(): JsonValue | undefined {
    if (this.#lines !== undefined) {
      this.list = undefined;
      return this.#frame.parse(this.#lines.end());
    }
    if (this.#depth === 0) return this.#frame.parse();
    if (this.#left === undefined || this.#left.checker !== undefined)
      throw new NoJson('ends before it is complete');
    throw new NoJson(`ends within its list, after ${pluralize(this.#left.entries, 'entry', 'entries')}`);
  }

  #read(piece: Buffer): number {
    for (let at = 0; at < piece.length; at++) {
      if (this.#lines !== undefined) {
        this.#lines.add(piece.subarray(at));
        break;
      }
      if (this.#text.isOpen) {
        const start = at;
        at = this.#text.read(piece, start);
        this.#name?.push(piece.subarray(start, at));
        continue;
      }
      if (this.#left !== undefined) {
        at = this.#skip(piece, at, this.#left);
        if (at === piece.length) break;
      }
      const sign = piece[at];
      if (this.#isOver) this.#checkTail(piece, at);
      else if (sign === QUOTE) this.#beginText();
      else if (sign === ARRAY_START || sign === OBJECT_START) {
        if (this.#open(piece, at)) return at + 1;
      } else if (sign === ARRAY_END || sign === OBJECT_END) this.#close(piece, at);
      else if (sign === COMMA) this.#endEntry(piece, at);
      else if (sign === COLON) this.#endName();
    }
    return piece.length;
  }

  /**
   * Reads what the frame leaves out, a list of millions of entries as a rule.
   * @returns the place of the bracket that ends it, or the end of the piece
   */
  #skip(piece: Buffer, start: number, left: Left): number {
    if (left.checker !== undefined) return this.#check(piece, start, left.checker);
    const text = this.#text;
    let depth = this.#depth;
    let at = start;
    for (; at < piece.length; at++) {
      const sign = piece[at] as number;
      if (sign === QUOTE) at = text.begin(piece, at);
      else if (sign === COMMA) {
        if (depth === left.depth) left.entries += 1;
      } else if (sign === ARRAY_START || sign === OBJECT_START) depth += 1;
      else if (sign === ARRAY_END || sign === OBJECT_END) {
        if (depth === left.depth) break;
        depth -= 1;
      }
    }
    this.#depth = depth;
    return Math.min(at, piece.length);
  }

  #check(piece: Buffer, start: number, checker: JsonChecker): number {
    try {
      return checker.read(piece, start);
    } catch (error) {
      if (!(error instanceof NotAllowed)) throw error;
      this.#addUntil(piece, Math.max(error.at, 0));
      throw toNoJson(error, this.#position.place);
    }
  }

  #addUntil(piece: Buffer, end: number): void {
    const bytes = piece.subarray(this.#added, end);
    this.#added = end;
    this.#position.add(bytes);
    if (this.#left === undefined && this.#lines === undefined) this.#frame.add(bytes);
  }

  get #isOnWay(): boolean {
    return this.#depth === this.#way.length && this.#left === undefined;
  }

  #beginText(): void {
    this.#text.isOpen = true;
    const container = this.#way.at(-1);
    this.#name = this.#isOnWay && container?.isObject && container.key === undefined ? [] : undefined;
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
    // What an equal name before it led to does not count.
    if (container.key === this.#steps[this.#depth - 1]) this.list = undefined;
  }

  /** @returns whether the list begins here */
  #open(piece: Buffer, at: number): boolean {
    const isObject = piece[at] === OBJECT_START;
    const leadsOn =
      this.#isOnWay && (this.#depth === 0 || this.#way.at(-1)?.key === this.#steps[this.#depth - 1]);
    this.#depth += 1;
    if (this.#left === undefined) this.#lists.push(!isObject);
    if (!leadsOn) return false;
    this.#way.push({ isObject, key: isObject ? undefined : 0 });
    if (this.#way.length <= this.#steps.length) return false;
    this.#addUntil(piece, at + 1);
    this.list = { place: this.#position.place, offset: this.#position.bytes, isObject };
    this.#left = { depth: this.#depth, entries: 0 };
    return true;
  }

  #close(piece: Buffer, at: number): void {
    // Guards such as )]}' begin some answers.
    if (this.#depth === 0) return;
    const left = this.#left;
    if (left?.depth === this.#depth) {
      this.#addUntil(piece, at);
      this.#left = undefined;
      this.#frame.resume(left.checker === undefined ? 0 : left.checker.commas + 1, this.#position.place);
    }
    if (this.#left === undefined) this.#lists.pop();
    if (this.#depth === this.#way.length) this.#way.pop();
    this.#depth -= 1;
    if (this.#depth > 0) return;
    this.#isOver = true;
    this.#addUntil(piece, at);
    this.#endLine = this.#position.place.line;
  }

  #endEntry(piece: Buffer, at: number): void {
    if (this.#isOnWay) {
      const container = this.#way.at(-1);
      if (container !== undefined)
        container.key = typeof container.key === 'number' ? container.key + 1 : undefined;
    } else if (this.#lists.at(-1) === true) {
      this.#addUntil(piece, at);
      this.#left = { depth: this.#depth, entries: 0, checker: new JsonChecker(true) };
    }
  }

  /** After the last bracket there is nothing but the end of a call, `);`, or the second of many lines. */
  #checkTail(piece: Buffer, at: number): void {
    const sign = piece[at] as number;
    if (/[\s);]/.test(String.fromCharCode(sign))) return;
    this.#addUntil(piece, at);
    const { place } = this.#position;
    if (sign !== OBJECT_START || place.line === 1 || this.#endLine !== 1)
      throw notJsonFrom(place, piece.toString('utf8', at, at + 40));
    this.#lines = new LineCounter();
  }
}

/** Counts lines that are not blank. */
class LineCounter {
  #count = 0;
  #isBlank = true;

  add(piece: Buffer): void {
    let from = 0;
    for (let end = piece.indexOf(LINE_END); end >= 0; end = piece.indexOf(LINE_END, from)) {
      this.#addText(piece.subarray(from, end));
      this.#isBlank = true;
      from = end + 1;
    }
    this.#addText(piece.subarray(from));
  }

  end(): number {
    return this.#count;
  }

  #addText(text: Buffer): void {
    if (!this.#isBlank || isBlank(text)) return;
    this.#isBlank = false;
    this.#count += 1;
  }
}
