/** A text with its escapes decoded. `from` and `to` are the range of each of its UTF-16 units in the original text. */
export interface DecodedText {
  readonly text: string;
  readonly from: ArrayLike<number>;
  readonly to: ArrayLike<number>;
}

/** Maximum nesting of encodings, as in an address within an address. Deeper nesting does not occur in practice. */
const MAX_PASSES = 4;
// Matching starts only at the first backslash of a run. A match attempt from each one would take quadratic time.
const ESCAPE =
  /(?:%[\da-f]{2})+|(?<!\\)\\+(?:u[\da-f]{4}|u\{[\da-f]{1,8}\}|x[\da-f]{2}|[nrtbf])|&(?:amp|lt|gt|quot|apos|#\d{1,8}|#x[\da-f]{1,8});/gi;
/** The character code in an escape: hexadecimal, or decimal after `#`. */
const NUMBER = /[ux]\{?([\da-f]+)[};]?$|#(\d+);$/;
const MAX_CODE_POINT = 0x10ffff;
const NAMED: ReadonlyMap<string, string> = new Map([
  ['&amp;', '&'],
  ['&lt;', '<'],
  ['&gt;', '>'],
  ['&quot;', '"'],
  ['&apos;', "'"],
]);
/**
 * Characters that escaping adds or removes: white space, `+` for it, quotes, and slashes before them. Also characters
 * that are invisible between letters: a soft hyphen, a zero-width space (Unicode, general category Cf) or a variation
 * selector (Default_Ignorable_Code_Point).
 */
const IGNORED = /[\s\p{Cc}\p{Cf}\p{DI}+\\/"'`]/u;

/**
 * Decodes the escapes of addresses, JSON, JavaScript and HTML. It drops white space, quotes, slashes, `+` and invisible
 * characters, and converts the rest to lower case. Texts with the same meaning become equal, however they are encoded.
 */
export function decodeEscapes(text: string): DecodedText {
  let buffer = new DecodeBuffer(text.length);
  buffer.text = text;
  for (let at = 0; at < text.length; at += 1) {
    buffer.from[at] = at;
    buffer.to[at] = at + 1;
  }
  for (let pass = 0; pass < MAX_PASSES && buffer.text.search(ESCAPE) >= 0; pass += 1)
    buffer = decodeOnce(buffer);
  const small = new DecodeBuffer(buffer.text.length);
  let at = 0;
  for (const character of buffer.text) {
    const end = at + character.length;
    if (!isIgnored(character)) {
      const lower = character.toLowerCase();
      small.add(lower.length === character.length ? lower : character, buffer.from[at], buffer.to[end - 1]);
    }
    at = end;
  }
  return small.done();
}

const ASCII_IGNORED = Array.from({ length: 128 }, (_, code) => IGNORED.test(String.fromCharCode(code)));

/** A table lookup for ASCII, which most text is; the regular expression takes several times as long. */
function isIgnored(character: string): boolean {
  return ASCII_IGNORED[character.charCodeAt(0)] ?? IGNORED.test(character);
}

/** A text under construction. Pages have millions of units, so each offset takes only four bytes. */
class DecodeBuffer implements DecodedText {
  text = '';
  readonly from: Int32Array;
  readonly to: Int32Array;

  /** @param capacity the maximum number of units */
  constructor(capacity: number) {
    this.from = new Int32Array(capacity);
    this.to = new Int32Array(capacity);
  }

  add(text: string, from = 0, to = 0): void {
    const start = this.text.length;
    this.from.fill(from, start, start + text.length);
    this.to.fill(to, start, start + text.length);
    this.text += text;
  }

  /** Copies units of another buffer unchanged. */
  take({ text, from, to }: DecodeBuffer, start: number, end: number): void {
    this.from.set(from.subarray(start, end), this.text.length);
    this.to.set(to.subarray(start, end), this.text.length);
    this.text += text.slice(start, end);
  }

  done(): DecodedText {
    const { text, from, to } = this;
    return { text, from: from.subarray(0, text.length), to: to.subarray(0, text.length) };
  }
}

function decodeOnce(buffer: DecodeBuffer): DecodeBuffer {
  // Decoded characters are never longer than their escapes.
  const next = new DecodeBuffer(buffer.text.length);
  const add = (text: string, start: number, end: number) =>
    next.add(text, buffer.from[start], buffer.to[end - 1]);
  let at = 0;
  for (const { 0: found, index } of buffer.text.matchAll(ESCAPE)) {
    next.take(buffer, at, index);
    at = index;
    if (found.startsWith('%')) {
      for (const { text, bytes } of decodePercent(found)) {
        add(text, at, at + 3 * bytes);
        at += 3 * bytes;
      }
    } else {
      add(decodeEscape(found.toLowerCase()), at, at + found.length);
      at += found.length;
    }
  }
  next.take(buffer, at, buffer.text.length);
  return next;
}

/** `\n` and similar escapes become empty: they stand for white space, which is dropped. */
function decodeEscape(written: string): string {
  const [, hex, decimal] = NUMBER.exec(written) ?? [];
  const number = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
  return number <= MAX_CODE_POINT ? String.fromCodePoint(number) : (NAMED.get(written) ?? '');
}

/** Decodes `%C3%B6…`. Bytes that are not valid UTF-8 are decoded as Latin-1. */
function decodePercent(escapes: string): { text: string; bytes: number }[] {
  const all = Buffer.from(escapes.replaceAll('%', ''), 'hex');
  const decoded: { text: string; bytes: number }[] = [];
  for (let at = 0; at < all.length; ) {
    const first = all[at] ?? 0;
    const bytes = first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    const text = all.subarray(at, at + bytes).toString('utf8');
    const isWhole = at + bytes <= all.length && !text.includes('\uFFFD');
    decoded.push(isWhole ? { text, bytes } : { text: String.fromCharCode(first), bytes: 1 });
    at += isWhole ? bytes : 1;
  }
  return decoded;
}
