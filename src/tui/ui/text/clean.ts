import { sanitizeText } from '../../../core/lib/sanitize-text.ts';

const TAB = 4;

/** Returns the text as one line without terminal control sequences. */
export const cleanLine = sanitizeText;

/**
 * The same for a text of several lines: each line is sanitized, and tabs are expanded to the next multiple of four
 * cells.
 */
export function cleanLines(text: string): string[] {
  return text.replaceAll('\r\n', '\n').split('\n').map(expandTabs).map(cleanLine);
}

function expandTabs(line: string): string {
  if (!line.includes('\t')) return line;
  let widened = '';
  for (const part of line.split('\t')) widened += part + ' '.repeat(TAB - (part.length % TAB));
  return widened.trimEnd();
}
