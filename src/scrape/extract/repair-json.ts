import { type Location, locate } from '../../core/lib/json-location.ts';
import type { JsonValue } from '../lib/page.ts';
import { readJson, tryReadJson } from './read-json.ts';

/** A text, a comment, or a comma that may be one too many; what is not closed goes to the end. */
const PARTS = /"(?:[^"\\]|\\.)*(?:"|$)|\/\/[^\n]*|\/\*.*?(?:\*\/|$)|<!--.*?(?:-->|$)|,/gs;
const FOLLOWED_BY_END = /^\s*[}\]]/;
/** Wrappers that hide a script from old browsers. */
const WRAPPER = /^\s*(?:<!--|\/\/\s*<!\[CDATA\[)|(?:-->|\/\/\s*\]\]>)\s*$/g;

/**
 * Parses JSON that may have been written by hand into a page: with comments, a comma before a closing bracket, a
 * semicolon at the end, or line ends in texts. Search engines and sites' own scripts read it. Other mistakes are errors.
 * @throws NoJson as `readJson`: the place is the first one that cannot be repaired
 */
export function readHandwrittenJson(text: string): JsonValue {
  const value = tryReadHandwrittenJson(text);
  if (value !== undefined) return value;
  // Each sign stays at its place here.
  const repaired = repairJson(text, () => ' ');
  return readJson(repaired, (place) => locate(text, getOffset(repaired, place)));
}

/** Parses a text as {@link readHandwrittenJson} does; undefined if it is not JSON. */
export function tryReadHandwrittenJson(text: string): JsonValue | undefined {
  return tryReadJson(text) ?? tryReadJson(repairJson(text, escapeSign));
}

/** @param replaceSign returns what stands for a control character of a text, or for the backslash of `\'` */
function repairJson(text: string, replaceSign: (sign: string) => string): string {
  const withoutComments = blankComments(text);
  // What is one comment as a whole is hidden from old browsers.
  const bare =
    withoutComments.trim() === '' ? blankComments(text.replaceAll(WRAPPER, toBlank)) : withoutComments;
  return bare
    .replaceAll(PARTS, (part, at: number) => {
      if (part.startsWith('"')) return repairText(part, replaceSign);
      return FOLLOWED_BY_END.test(bare.slice(at + 1, at + 1_000)) ? ' ' : part;
    })
    .replace(/;(\s*)$/, ' $1');
}

function blankComments(text: string): string {
  return text.replaceAll(PARTS, (part) => (part === ',' || part.startsWith('"') ? part : toBlank(part)));
}

function toBlank(part: string): string {
  return part.replaceAll(/\S/g, ' ');
}

/** JSON has no control characters in texts, and no `\'`. */
function repairText(text: string, replaceSign: (sign: string) => string): string {
  return text
    .replaceAll(/\\./gs, (pair) => (pair === "\\'" ? `${replaceSign('\\')}'` : pair))
    .replaceAll(
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what pages have
      /[\u0000-\u001F]/g,
      replaceSign,
    );
}

function escapeSign(sign: string): string {
  return sign === '\\' ? '' : `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function getOffset(text: string, { line, column }: Location): number {
  const before = text.split('\n').slice(0, line - 1);
  return before.reduce((sum, one) => sum + one.length + 1, column - 1);
}
