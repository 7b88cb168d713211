import { load } from 'cheerio';
import { parseCertainNumber } from '../../core/lib/certain-number.ts';
import type { DataCleaning } from '../config/config-schema.ts';
import type { PageElement } from '../lib/page.ts';
import { parseCertainDate } from '../parsers/parse-date.ts';
import { getText } from './select.ts';

/** Most texts have only single spaces between their words. */
const UNUSUAL_SPACE = /\s\s|[^\S ]/;

/**
 * Applies the steps of `data_cleaning` to a text, in this order: `strip_html` removes markup within the text,
 * `normalize_whitespace` turns runs of white space (including no-break spaces) into one space, and `trim`.
 * @returns null if the result is empty
 */
export function cleanFieldText(raw: string, cleaning: DataCleaning): string | null {
  let text = raw;
  if (cleaning.strip_html) text = stripHtml(text);
  if (cleaning.normalize_whitespace && UNUSUAL_SPACE.test(text)) text = text.replaceAll(/\s+/g, ' ');
  if (cleaning.trim) text = text.trim();
  return text || null;
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
