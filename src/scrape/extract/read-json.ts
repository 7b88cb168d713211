import { findSyntaxError, type Location, locate } from '../../core/lib/json-location.ts';
import type { JsonValue } from '../lib/page.ts';

/** Why a text is not JSON, as the end of a sentence that begins with its place. */
export class NoJson extends Error {
  override readonly name = 'NoJson';
}

/** What services put before an answer so that no other site can run it as a script; a byte order mark. */
const GUARD = /^\uFEFF?\s*(?:\)\]\}',?|(?:for|while)\s*\((?:;;|1)\);?|\/\*\*\/)?\s*/;
/** `callback({…});`: JSONP. */
const CALLBACK = /^[\w$.]{1,100}\s*\(/;
const CALLBACK_END = /\)\s*;?\s*$/;

/** A number outside texts that JavaScript's numbers may not hold: with 16 digits, or an exponent of three. */
const LARGE_NUMBER =
  /"(?:[^"\\]|\\.)*"|(?<![\w.+-])-?\d+(?:\.\d+)?[eE]\+?\d{3,}|(?<![\w.+-])-?\d{16,}(?:\.\d+)?(?![\d.eE])/g;
const LARGE_DIGITS = 16;
const HAS_LARGE_EXPONENT = /\d[eE]\+?\d{3}/;

/**
 * Parses a text as JSON (RFC 8259), as JSON Lines (an array of its lines), or as JSONP. Whole numbers that lose digits
 * as numbers, such as ids with 19 digits, become texts, and so do numbers that are too large, such as 1e999. Of equal names
 * in an object the last one counts, as in browsers.
 * @param toPlace converts a place in the text to the one that an error names
 * @throws NoJson that says where it stops being JSON
 */
export function readJson(text: string, toPlace: (place: Location) => Location = (place) => place): JsonValue {
  const bare = unwrap(text);
  if (bare === '') throw new NoJson('is empty');
  const value = parseOrLines(bare);
  if (value === undefined) throw describeProblem(text, bare, toPlace);
  return value;
}

/** Parses a text as {@link readJson} does; undefined if it is not JSON. */
export function tryReadJson(text: string): JsonValue | undefined {
  return parseOrLines(unwrap(text));
}

function parseOrLines(bare: string): JsonValue | undefined {
  try {
    return parse(bare);
  } catch {
    return parseLines(bare);
  }
}

/** Whether a text may be JSON, by its beginning. */
export function looksLikeJson(text: string): boolean {
  const start = text.slice(0, 1_000).replace(GUARD, '').replace(CALLBACK, '').trimStart();
  return /^(?:\{\s*(?:["}]|$)|\[\s*(?:[[{"\]\d-]|true|false|null|$))/.test(start);
}

function unwrap(text: string): string {
  const bare = text.replace(GUARD, '').trimEnd();
  return CALLBACK.test(bare) && CALLBACK_END.test(bare)
    ? bare.replace(CALLBACK, '').replace(CALLBACK_END, '')
    : bare;
}

/** A number of the page that was a secret value: `${PIN}`. */
const BARE_REFERENCE = /"(?:[^"\\]|\\.)*"|[-\w.]*\$\{\w+\}[\w.]*/g;

function parse(text: string): JsonValue {
  if (text.includes('${'))
    return parseNumbers(
      text.replaceAll(BARE_REFERENCE, (found) => (found.startsWith('"') ? found : `"${found}"`)),
    );
  return parseNumbers(text);
}

function parseNumbers(text: string): JsonValue {
  if (!hasManyDigits(text) && !HAS_LARGE_EXPONENT.test(text)) return JSON.parse(text) as JsonValue;
  return JSON.parse(
    text.replaceAll(LARGE_NUMBER, (found) => (found.startsWith('"') || isHeld(found) ? found : `"${found}"`)),
  ) as JsonValue;
}

/**
 * Whether a whole number may have 16 digits or more. Such a number covers a sixteenth character, so the others are not
 * read: a pattern over a large answer takes a quarter of the time that parsing it takes.
 */
function hasManyDigits(text: string): boolean {
  for (let at = LARGE_DIGITS - 1; at < text.length; at += LARGE_DIGITS) {
    if (!isDigit(text, at)) continue;
    let start = at;
    while (isDigit(text, start - 1)) start -= 1;
    while (isDigit(text, at + 1)) at += 1;
    const isLong = at - start >= LARGE_DIGITS - 1;
    if (isLong && /[:[,\s]-?$/.test(text.slice(Math.max(0, start - 2), start))) return true;
  }
  return false;
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0x30 && code <= 0x39;
}

/** Returns undefined if a line is not JSON, or if there is only one. */
function parseLines(text: string): JsonValue[] | undefined {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (lines.length < 2) return undefined;
  try {
    return lines.map(parse);
  } catch {
    return undefined;
  }
}

function isHeld(digits: string): boolean {
  const value = Number(digits);
  return /[.e]/i.test(digits) ? Number.isFinite(value) : Number.isSafeInteger(value);
}

/** @param bare the part of the text that should be JSON */
function describeProblem(text: string, bare: string, toPlace: (place: Location) => Location): NoJson {
  const place = findSyntaxError(bare);
  if (place === undefined) return new NoJson('is not JSON');
  const following = bare.split('\n')[place.line - 1]?.slice(place.column - 1, place.column + 40) ?? '';
  const start = locate(text, Math.max(0, text.indexOf(bare)));
  const inText = {
    line: start.line + place.line - 1,
    column: place.line === 1 ? start.column + place.column - 1 : place.column,
  };
  const isLast = place.line === bare.split('\n').length;
  return notJsonFrom(toPlace(inText), following, isLast ? 'text' : 'line');
}

/**
 * Says where a text stops being JSON.
 * @param following what stands there, if anything
 * @param ending what ends there otherwise
 */
export function notJsonFrom(
  { line, column }: Location,
  following: string,
  ending: 'line' | 'text' = 'text',
): NoJson {
  const [seen] = /^(?:[\w$.+-]+|.)/.exec(following) ?? [];
  const what =
    seen === undefined ? `the ${ending} ends there` : `${JSON.stringify(seen)} is not allowed there`;
  return new NoJson(`is not JSON from line ${line}, column ${column} on: ${what}`);
}
