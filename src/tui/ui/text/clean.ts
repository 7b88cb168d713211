import { CONTROL_CHARACTERS } from '../../../core/lib/control-characters.ts';

const TAB = 4;

/**
 * A foreign text (scraped, or written by somebody) as one line that cannot steer a terminal: control characters and
 * halves of a character become `�`, line breaks and tabs one space.
 */
export function cleanLine(text: string): string {
  if (PLAIN.test(text)) return text;
  return text
    .replaceAll('\r\n', '\n')
    .replaceAll(/[\t\n]/g, ' ')
    .replaceAll(CONTROL_CHARACTERS, '\ufffd')
    .replaceAll(HALF, '\ufffd');
}

/** The same for a text of several lines: each line clean, tabs widened to the next multiple of four cells. */
export function cleanLines(text: string): string[] {
  return text.replaceAll('\r\n', '\n').split('\n').map(expandTabs).map(cleanLine);
}

/** Written to a terminal it is a `�` anyway, which takes a cell. */
const HALF = /\p{Surrogate}/gu;

const PLAIN = /^[\x20-\x7e]*$/;

function expandTabs(line: string): string {
  if (!line.includes('\t')) return line;
  let widened = '';
  for (const part of line.split('\t')) widened += part + ' '.repeat(TAB - (part.length % TAB));
  return widened.trimEnd();
}
