import { type Input, keyOf } from './input.ts';
import { type EditedLine, EMPTY_LINE, editLine, toEditedLine } from './text/edit-line.ts';

/** Which rows of a short list are shown, and the line in which that is typed. It filters with every key. */
export interface ListFilter {
  readonly line: EditedLine;
  readonly isOpen: boolean;
  /** The text before the line was opened: Esc brings it back. */
  readonly before: string;
}

export const NO_LIST_FILTER: ListFilter = { line: EMPTY_LINE, isOpen: false, before: '' };

/** The line open with the filter that is there, to go on typing. */
export function openListFilter({ line: { text } }: ListFilter): ListFilter {
  return { line: toEditedLine(text), isOpen: true, before: text };
}

/** What an input makes of the open line: Enter keeps the filter, Esc brings back the one before, the rest is text. */
export function inputToListFilter(filter: ListFilter, input: Input): ListFilter {
  const key = keyOf(input);
  if (key === 'enter') return { ...filter, isOpen: false };
  if (key === 'escape') return { ...NO_LIST_FILTER, line: toEditedLine(filter.before) };
  const line = editLine(filter.line, input);
  return line === undefined ? filter : { ...filter, line };
}

/**
 * The rows that have all words of the filter in what is said of them; `!word`: that have not. Upper and lower case are
 * alike.
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

/** The footer while the filter is typed. */
export const LIST_FILTER_KEYS = [
  { key: 'Enter', word: 'keep' },
  { key: 'Esc', word: 'undo' },
] as const;
