import type { Location } from '../../core/lib/json-location.ts';
import { type NoJson, notJsonFrom, readJson } from '../extract/read-json.ts';
import type { JsonValue } from '../lib/page.ts';
import { type PlaceInText, TextPosition, toPlaceInText } from '../lib/text-position.ts';
import { JsonChecker, NotAllowed } from './json-checker.ts';
import { ARRAY_START, OBJECT_START } from './json-text.ts';

/** A larger frame is checked, but not parsed. */
const MAX_FRAME_BYTES = 10_000_000;
const MAX_NULLS = MAX_FRAME_BYTES / ',null'.length;

/** What is around a list. */
export class Frame {
  #pieces: Buffer[] = [];
  readonly #position = new TextPosition();
  /** Where it goes on after what was left out. */
  readonly #places: PlaceInText[] = [];
  /** Set when it is too large to be parsed. */
  #checker: JsonChecker | undefined;

  add(bytes: Buffer): void {
    if (bytes.length === 0) return;
    if (this.#checker !== undefined) {
      this.#check(bytes, this.#checker);
      this.#position.add(bytes);
      return;
    }
    this.#pieces.push(bytes);
    this.#position.add(bytes);
    if (this.#position.bytes > MAX_FRAME_BYTES) this.#giveUp();
  }

  /** @param nulls how many of them stand for what was left out */
  resume(nulls: number, place: Location): void {
    if (nulls > MAX_NULLS) this.#giveUp();
    if (this.#checker === undefined) this.add(Buffer.from(',null'.repeat(nulls)));
    this.#places.push({ part: this.#position.place, text: place });
  }

  /** @param lines the number of further lines; the frame is then the first of a list */
  parse(lines = 0): JsonValue | undefined {
    if (this.#checker !== undefined || lines > MAX_NULLS) return undefined;
    const value = readJson(Buffer.concat(this.#pieces).toString('utf8'), (place) => this.#toText(place));
    return lines === 0 ? value : [value, ...new Array<null>(lines).fill(null)];
  }

  #giveUp(): void {
    if (this.#checker !== undefined) return;
    const all = Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#checker = new JsonChecker(false);
    // What guards an answer is before the first bracket.
    const start = all.findIndex((sign) => sign === ARRAY_START || sign === OBJECT_START);
    this.#check(all.subarray(start), this.#checker, all.subarray(0, start));
  }

  #check(bytes: Buffer, checker: JsonChecker, before?: Buffer): void {
    try {
      checker.read(bytes);
    } catch (error) {
      if (!(error instanceof NotAllowed)) throw error;
      const position = new TextPosition(before === undefined ? this.#position.place : undefined);
      position.add(Buffer.concat([before ?? Buffer.alloc(0), bytes.subarray(0, Math.max(error.at, 0))]));
      throw toNoJson(error, this.#toText(position.place));
    }
  }

  #toText(place: Location): Location {
    const last = this.#places.findLast(
      ({ part }) => part.line < place.line || (part.line === place.line && part.column <= place.column),
    );
    return last === undefined ? place : toPlaceInText(place, last);
  }
}

/** @param place of `at`, or of the beginning of the piece if that is in an earlier one */
export function toNoJson({ at, following }: NotAllowed, { line, column }: Location): NoJson {
  const place = { line, column: column + Math.min(at, 0) };
  return notJsonFrom(place, following, following.startsWith('\n') ? 'line' : 'text');
}
