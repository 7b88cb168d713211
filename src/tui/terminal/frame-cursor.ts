import { textWidth } from '../text/fit.ts';
import type { Frame } from './paint.ts';

/** A cell of the screen; both count from 0. */
export interface CursorPosition {
  row: number;
  column: number;
}

const INVERSE = '\u001b[7m';
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
const SGR = /\u001b\[[\d;:]*m/g;
/** What stands to the left of all that is in a dialog. */
const FRAMED = /[│|]/;

/**
 * Where somebody is in a frame: the selected row, or the cell of a field that is typed into; both are inverse. In a dialog
 * that lies over other rows it is there, and in a list below a field in the list. `undefined` when nothing is selected.
 */
export function findCursor(frame: Frame): CursorPosition | undefined {
  const found = frame.flatMap((line, row) => {
    const at = line.indexOf(INVERSE);
    if (at < 0) return [];
    const before = line.slice(0, at).replaceAll(SGR, '');
    return [{ row, column: textWidth(before), isFramed: FRAMED.test(before) }];
  });
  const place = found.findLast(({ isFramed }) => isFramed) ?? found.at(-1);
  return place && { row: place.row, column: place.column };
}
