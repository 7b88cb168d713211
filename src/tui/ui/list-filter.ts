import { type Input, keyOf } from './input.ts';
import { type EditedLine, EMPTY_LINE, editLine, toEditedLine } from './text/edit-line.ts';

/** The filter of a short list, and the line in which it is typed. It filters with every key. */
export interface ListFilter {
  readonly line: EditedLine;
  readonly isOpen: boolean;
  /** The text before the line was opened. Esc restores it. */
  readonly before: string;
}

export const NO_LIST_FILTER: ListFilter = { line: EMPTY_LINE, isOpen: false, before: '' };

/** Opens the line with the current filter, for further typing. */
export function openListFilter({ line: { text } }: ListFilter): ListFilter {
  return { line: toEditedLine(text), isOpen: true, before: text };
}

/**
 * Applies an input to the open line: Enter keeps the filter, Esc restores the previous one, other input edits the text.
 */
export function inputToListFilter(filter: ListFilter, input: Input): ListFilter {
  const key = keyOf(input);
  if (key === 'enter') return { ...filter, isOpen: false };
  if (key === 'escape') return { ...NO_LIST_FILTER, line: toEditedLine(filter.before) };
  const line = editLine(filter.line, input);
  return line === undefined ? filter : { ...filter, line };
}

/**
 * Returns the rows whose text contains all words of the filter; `!word` excludes rows with that word. Case is ignored.
 */
export function filterRows<T>(
  rows: readonly T[],
  { line }: ListFilter,
  rowText: (row: T) => string,
): readonly T[] {
  const words = line.text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '' && word !== '!');
  if (words.length === 0) return rows;
  return rows.filter((row) => {
    const known = rowText(row).toLowerCase();
    return words.every((word) =>
      word.startsWith('!') ? !known.includes(word.slice(1)) : known.includes(word),
    );
  });
}

/** The footer's keys while the filter is typed. */
export const LIST_FILTER_KEYS = [
  { key: 'Enter', word: 'keep' },
  { key: 'Esc', word: 'undo' },
] as const;
