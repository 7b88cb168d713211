import { type EditedLine, EMPTY_LINE } from '../text/edit-line.ts';

/** Which configurations are listed, and the line in which that is typed. It filters with every key. */
export interface ConfigFilter {
  readonly line: EditedLine;
  readonly isOpen: boolean;
  /** The text before the line was opened: Esc brings it back. */
  readonly before: string;
}

export const NO_CONFIG_FILTER: ConfigFilter = { line: EMPTY_LINE, isOpen: false, before: '' };

/**
 * The names that have all words of the filter in them or in what is said of them, such as the host; `!word`: that have not.
 * Upper and lower case are alike.
 */
export function namesWith(
  names: readonly string[],
  text: string,
  said: (name: string) => string,
): readonly string[] {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '' && word !== '!');
  if (words.length === 0) return names;
  return names.filter((name) => {
    const known = `${name} ${said(name)}`.toLowerCase();
    return words.every((word) =>
      word.startsWith('!') ? !known.includes(word.slice(1)) : known.includes(word),
    );
  });
}
