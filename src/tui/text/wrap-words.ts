import { cleanLine } from './clean.ts';
import { cellsOf } from './fit.ts';
import { rowStarts } from './rows.ts';

/** A text in lines of at most `columns` cells, broken between words where they fit; at least one line. */
export function wrapWords(text: string, columns: number): string[] {
  const width = Math.max(1, columns);
  const lines: string[] = [];
  let line = '';
  for (const word of cleanLine(text).split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (cellsOf(longer) <= width) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    const parts = broken(word, width);
    lines.push(...parts.slice(0, -1));
    line = parts.at(-1) ?? '';
  }
  return [...lines, line];
}

/** A word that is too long for a line. */
function broken(word: string, width: number): string[] {
  const starts = rowStarts(word, width);
  return starts.map((start, index) => word.slice(start, starts[index + 1]));
}
