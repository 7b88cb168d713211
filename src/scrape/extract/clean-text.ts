import { load } from 'cheerio';
import type { DataCleaning } from '../config/config-schema.ts';
import type { PageElement } from '../lib/page.ts';
import { toIsoDate } from './convert-dates.ts';
import { toNumber } from './convert-numbers.ts';
import { getText } from './get-text.ts';

/**
 * What `data_cleaning` makes of a text, step by step: `strip_html` (markup within the text), `normalize_whitespace`
 * (runs of white space, no-break spaces included, become one space), `trim`. What is empty in the end is null.
 */
export function cleanFieldText(raw: string, cleaning: DataCleaning): string | null {
  let text = raw;
  if (cleaning.strip_html) text = stripHtml(text);
  if (cleaning.normalize_whitespace) text = text.replaceAll(/\s+/g, ' ');
  if (cleaning.trim) text = text.trim();
  return text || null;
}

/** The last steps, for values that have no type: `convert_numbers`, `convert_dates`. */
export function convertText(text: string, cleaning: DataCleaning): string | number {
  // Conversions look at the bare value, whatever space is kept around it.
  const bare = text.trim();
  return (
    (cleaning.convert_numbers ? toNumber(bare) : undefined) ??
    (cleaning.convert_dates ? toIsoDate(bare) : undefined) ??
    text
  );
}

/** Inner HTML is the page's own markup: only `trim` applies. */
export function cleanFieldHtml(html: string, cleaning: DataCleaning): string | null {
  return (cleaning.trim ? html.trim() : html) || null;
}

function stripHtml(text: string): string {
  if (!/[<&]/.test(text)) return text;
  const wrapper: PageElement | undefined = load(`<div>${text}</div>`)('body').get(0);
  return wrapper === undefined ? text : getText(wrapper);
}
