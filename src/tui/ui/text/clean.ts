import { sanitizeText } from '../../../core/lib/terminal-text.ts';

const TAB = 4;

/** The text as one line that cannot steer a terminal. */
export const cleanLine = sanitizeText;

/** The same for a text of several lines: each line clean, tabs widened to the next multiple of four cells. */
export function cleanLines(text: string): string[] {
  return text.replaceAll('\r\n', '\n').split('\n').map(expandTabs).map(cleanLine);
}

function expandTabs(line: string): string {
  if (!line.includes('\t')) return line;
  let widened = '';
  for (const part of line.split('\t')) widened += part + ' '.repeat(TAB - (part.length % TAB));
  return widened.trimEnd();
}
