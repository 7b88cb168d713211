import { cleanLine } from './clean.ts';
import { rowStarts } from './row-starts.ts';

/** A text as rows of at most `columns` cells, broken at blanks where it can be; at least one row. */
export function wrapText(text: string, columns: number): string[] {
  const rows: string[] = [];
  // Cleaned first: what does not reach the terminal takes no room on it.
  let rest = cleanLine(text);
  for (;;) {
    const end = rowStarts(rest, columns, 2)[1];
    if (end === undefined) return [...rows, rest];
    const blank = rest.lastIndexOf(' ', end);
    const at = blank > 0 ? blank : end;
    rows.push(rest.slice(0, at));
    rest = rest.slice(at).trimStart();
  }
}
