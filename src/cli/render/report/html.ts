import { escapeHtml } from '../../../core/lib/escape-html.ts';
import { sanitizeLines } from '../../../core/lib/sanitize-text.ts';

/** Finished HTML, as opposed to text that is still to be escaped. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type HtmlValue = string | number | Html | readonly Html[] | null;

/**
 * Template tag: every value is escaped, for content and for quoted attributes, unless it is Html. `null` is nothing.
 * Control characters, and marks that change the direction of text, are replaced.
 */
export function html(literals: TemplateStringsArray, ...values: HtmlValue[]): Html {
  let text = literals[0] ?? '';
  for (let index = 0; index < values.length; index += 1)
    text += toText(values[index] ?? null) + (literals[index + 1] ?? '');
  return new Html(text);
}

const NEEDS_NO_ESCAPE = /^[\w .,:;+()/-]*$/;

function toText(value: HtmlValue): string {
  if (value === null) return '';
  if (value instanceof Html) return value.text;
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string')
    return NEEDS_NO_ESCAPE.test(value) ? value : escapeHtml(sanitizeLines(value));
  return value.map(({ text }) => text).join('');
}
