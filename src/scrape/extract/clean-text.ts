import { load } from 'cheerio';
import { parseCertainNumber } from '../../core/lib/certain-number.ts';
import type { DataCleaning } from '../config/config-schema.ts';
import type { PageElement } from '../lib/page.ts';
import { parseCertainDate } from '../parsers/parse-date.ts';
import { getText } from './select.ts';

/**
 * Applies the steps of `data_cleaning` to a text, in this order: `strip_html` removes markup within the text,
 * `normalize_whitespace` turns runs of white space (including no-break spaces) into one space, and `trim`.
 * @returns null if the result is empty
 */
export function cleanFieldText(raw: string, cleaning: DataCleaning): string | null {
  let text = raw;
  if (cleaning.strip_html) text = stripHtml(text);
  if (isTidy(text)) return text;
  // A single space stays as it is.
  if (cleaning.normalize_whitespace) text = text.replaceAll(/\s\s+|[^\S ]/g, ' ');
  if (cleaning.trim) text = text.trim();
  return text || null;
}

const SPACE = 0x20;
const LAST_CONTROL = 0x9f;

/**
 * Whether a text has no white space but single spaces between words, as most texts do. A run asks for each of a million
 * values; a pattern takes twice as long for short ones.
 */
function isTidy(text: string): boolean {
  let before = SPACE;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < SPACE || (code === SPACE && before === SPACE)) return false;
    if (code > LAST_CONTROL && isWideSpace(code)) return false;
    before = code;
  }
  return before !== SPACE;
}

/** The white space of JavaScript's `\s` and `trim` beyond Latin-1's controls. */
function isWideSpace(code: number): boolean {
  return (
    code === 0xa0 ||
    (code >= 0x1680 &&
      (code === 0x1680 ||
        (code >= 0x2000 && code <= 0x200a) ||
        code === 0x2028 ||
        code === 0x2029 ||
        code === 0x202f ||
        code === 0x205f ||
        code === 0x3000 ||
        code === 0xfeff))
  );
}

/** Applies the last steps, for values without a type: `convert_numbers`, `convert_dates`. */
export function convertText(text: string, cleaning: DataCleaning): string | number {
  // Conversions use the trimmed value, even if the text keeps its white space.
  const bare = text.trim();
  return (
    (cleaning.convert_numbers ? parseCertainNumber(bare) : undefined) ??
    (cleaning.convert_dates ? parseCertainDate(bare) : undefined) ??
    text
  );
}

/** Inner HTML is markup of the page: only `trim` applies. */
export function cleanFieldHtml(html: string, cleaning: DataCleaning): string | null {
  return (cleaning.trim ? html.trim() : html) || null;
}

function stripHtml(text: string): string {
  if (!/[<&]/.test(text)) return text;
  const wrapper: PageElement | undefined = load(`<div>${text}</div>`)('body').get(0);
  return wrapper === undefined ? text : getText(wrapper);
}
