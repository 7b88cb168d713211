import { ARRAY_END, ARRAY_START, COLON, COMMA, OBJECT_END, OBJECT_START, QUOTE } from './json-text.ts';

const BACKSLASH = 0x5c;
const LETTER_U = 0x75;
/** What may follow a backslash in a text, besides `u` and four hexadecimal digits. */
const ESCAPED = new Set(Buffer.from('"\\/bfnrt'));
const WORD = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/;
/** No number is longer. */
const MAX_WORD_BYTES = 1_000_000;

/** Where JSON has something that is not allowed there. */
export class NotAllowed extends Error {
  override readonly name = 'NotAllowed';
  /** The place in the piece; negative in an earlier one. */
  readonly at: number;
  /** What stands there. */
  readonly following: string;

  constructor(at: number, following: string) {
    super(`${following} is not allowed`);
    this.at = at;
    this.following = following;
  }
}

/** What may come next. `first`: a value or name, or the bracket that closes the empty list or object. */
type Expected = 'value' | 'first value' | 'name' | 'first name' | 'colon' | 'comma';

/** Checks the grammar of JSON (RFC 8259) that arrives in pieces, in constant memory, where it is too large to be parsed. */
export class JsonChecker {
  /** The number of commas between the entries of the list that it began in. */
  commas = 0;
  /** By open container: whether it is an object. */
  readonly #open: boolean[] = [];
  /** Whether it began within a list. */
  readonly #isInList: boolean;
  #expected: Expected = 'value';
  #isText = false;
  /** Within a text: whether a backslash was the last byte, and how many hexadecimal digits are missing. */
  #isEscaped = false;
  #digits = 0;
  /** The number or name of a value that is being read. */
  #word = '';

  /** @param isInList whether what arrives are the further entries of a list, after a comma */
  constructor(isInList: boolean) {
    this.#isInList = isInList;
  }

  /**
   * @returns the place of the bracket that ends the list that it began in, or the place after the whole value; the end
   *   of the piece if neither is in it
   * @throws NotAllowed
   */
  read(piece: Buffer, start = 0): number {
    for (let at = start; at < piece.length; at++) {
      if (this.#isText) {
        at = this.#readText(piece, at);
        continue;
      }
      const sign = piece[at] as number;
      if (isWordSign(sign)) {
        this.#readWordSign(piece, at, sign);
        continue;
      }
      this.#endWord(at);
      if (this.#isOver) return at;
      if (sign === 0x20 || sign === 0x0a || sign === 0x0d || sign === 0x09) continue;
      if (sign === ARRAY_END && this.#isInList && this.#open.length === 0 && this.#expected === 'comma')
        return at;
      if (!this.#readSign(sign)) throw new NotAllowed(at, piece.toString('utf8', at, at + 40));
      if (this.#isOver) return at + 1;
    }
    return piece.length;
  }

  get #isOver(): boolean {
    return !this.#isInList && !this.#isText && this.#open.length === 0 && this.#expected === 'comma';
  }

  /** @returns the place of the last byte that was read */
  #readText(piece: Buffer, start: number): number {
    for (let at = start; at < piece.length; at++) {
      const sign = piece[at] as number;
      if (this.#digits > 0) {
        if (!/[\da-fA-F]/.test(String.fromCharCode(sign))) throw notAllowedInText(piece, at);
        this.#digits -= 1;
      } else if (this.#isEscaped) {
        if (sign === LETTER_U) this.#digits = 4;
        else if (!ESCAPED.has(sign)) throw notAllowedInText(piece, at);
        this.#isEscaped = false;
      } else if (sign === QUOTE) {
        this.#isText = false;
        return at;
      } else if (sign === BACKSLASH) this.#isEscaped = true;
      else if (sign < 0x20) throw notAllowedInText(piece, at);
    }
    return piece.length;
  }

  #readWordSign(piece: Buffer, at: number, sign: number): void {
    if (this.#word === '' && !this.#takesValue) throw new NotAllowed(at, piece.toString('utf8', at, at + 40));
    this.#word += String.fromCharCode(sign);
    if (this.#word.length > MAX_WORD_BYTES) this.#endWord(at + 1);
  }

  #endWord(at: number): void {
    if (this.#word === '') return;
    if (this.#word.length > MAX_WORD_BYTES || !WORD.test(this.#word))
      throw new NotAllowed(at - this.#word.length, this.#word.slice(0, 40));
    this.#word = '';
    this.#expected = 'comma';
  }

  get #takesValue(): boolean {
    return this.#expected === 'value' || this.#expected === 'first value';
  }

  /** @returns whether the sign is allowed here */
  #readSign(sign: number): boolean {
    const expected = this.#expected;
    const isObject = this.#open.at(-1);
    switch (sign) {
      case QUOTE:
        if (!this.#takesValue && expected !== 'name' && expected !== 'first name') return false;
        this.#isText = true;
        this.#expected = this.#takesValue ? 'comma' : 'colon';
        return true;
      case ARRAY_START:
      case OBJECT_START:
        if (!this.#takesValue) return false;
        this.#open.push(sign === OBJECT_START);
        this.#expected = sign === OBJECT_START ? 'first name' : 'first value';
        return true;
      case ARRAY_END:
      case OBJECT_END:
        if (isObject !== (sign === OBJECT_END)) return false;
        if (expected !== 'comma' && expected !== (isObject ? 'first name' : 'first value')) return false;
        this.#open.pop();
        this.#expected = 'comma';
        return true;
      case COLON:
        this.#expected = 'value';
        return expected === 'colon';
      case COMMA:
        if (isObject === undefined) this.commas += 1;
        this.#expected = isObject ? 'name' : 'value';
        return expected === 'comma';
      default:
        return false;
    }
  }
}

/** A letter, a digit, or a sign of numbers. */
function isWordSign(sign: number): boolean {
  return (
    (sign >= 0x30 && sign <= 0x39) ||
    (sign >= 0x61 && sign <= 0x7a) ||
    (sign >= 0x41 && sign <= 0x5a) ||
    sign === 0x2b ||
    sign === 0x2d ||
    sign === 0x2e
  );
}

function notAllowedInText(piece: Buffer, at: number): NotAllowed {
  return new NotAllowed(at, piece.toString('utf8', at, at + 40));
}
