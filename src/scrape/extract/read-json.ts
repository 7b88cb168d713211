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

/** A whole number that JavaScript's numbers cannot hold, outside texts. */
const LARGE_NUMBER = /"(?:[^"\\]|\\.)*"|(?<![\w.+-])-?\d{16,}(?![\d.eE])/g;
const HAS_LARGE_NUMBER = /[:[,\s]-?\d{16,}/;

/**
 * Parses a text as JSON (RFC 8259), as JSON Lines (an array of its lines), or as JSONP. Whole numbers that lose digits
 * as numbers, such as ids with 19 digits, become texts. Of equal names in an object the last one counts, as in browsers.
 * @throws NoJson that says where it stops being JSON
 */
export function readJson(text: string): JsonValue {
  const bare = unwrap(text);
  if (bare === '') throw new NoJson('is empty');
  try {
    return parse(bare);
  } catch {
    const lines = parseLines(bare);
    if (lines !== undefined) return lines;
    throw describeProblem(bare);
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
  if (!HAS_LARGE_NUMBER.test(text)) return JSON.parse(text) as JsonValue;
  return JSON.parse(
    text.replaceAll(LARGE_NUMBER, (found) =>
      found.startsWith('"') || Number.isSafeInteger(Number(found)) ? found : `"${found}"`,
    ),
  ) as JsonValue;
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

/** One token of JSON, or white space. */
const TOKEN =
  /\s+|"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[\da-f]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[-+]?\d+)?(?![\w.])|(?:true|false|null)(?!\w)|[{}[\]:,]/iuy;

/** Finds what no JSON contains: `NaN`, a single quote, a comment. Other errors are of the order of its parts. */
function describeProblem(text: string): NoJson {
  TOKEN.lastIndex = 0;
  let at = 0;
  while (at < text.length && TOKEN.test(text)) at = TOKEN.lastIndex;
  if (at >= text.length) return new NoJson(`is not JSON: ${describeOrder(text)}`);
  const before = text.slice(0, at);
  const place = `line ${before.split('\n').length}, column ${at - before.lastIndexOf('\n')}`;
  const [seen = ''] = /^(?:[\w$.+-]+|.)/s.exec(text.slice(at, at + 40)) ?? [];
  if (seen === '"')
    return new NoJson(`is not JSON: the text that begins at ${place} has no end, or a line break in it`);
  return new NoJson(`is not JSON from ${place} on: ${JSON.stringify(seen)} is not allowed there`);
}

/** What is wrong if each part is valid. */
function describeOrder(text: string): string {
  const bare = text.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""');
  const count = (signs: RegExp) => bare.match(signs)?.length ?? 0;
  if (count(/[{[]/g) > count(/[}\]]/g)) return 'it ends too early';
  return /,\s*[}\]]/.test(bare)
    ? 'a comma stands before a closing bracket'
    : 'its parts are in no valid order';
}
