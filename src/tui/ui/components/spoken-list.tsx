import { Box } from 'ink';
import { sanitizeText } from '../../../core/lib/sanitize-text.ts';
import { textAt } from '../styled-row.ts';
import { screenReaderText } from '../text/ascii.ts';
import { wrapText } from '../text/fit.ts';
import { Text, useClockText } from './text.tsx';

/** No text has one after it was sanitized. */
const BETWEEN = '\u0000';

interface SpokenListProps {
  /** Each a sentence, maybe of the time (epoch ms), with the words for its selection and its mark. */
  readonly texts: readonly (string | ((now: number) => string))[];
  /** The selected one; -1 for none. */
  readonly selected: number;
  /** Whether the keys go to it; default: yes. */
  readonly focused?: boolean;
  readonly columns: number;
  readonly rows: number;
}

/**
 * The rows of a list for a screen reader, which has no width: a sentence goes on in further rows, and none is cut. The
 * selected one is whole; the first ones make room for it.
 */
export function SpokenList({ texts, selected, focused = true, columns, rows }: SpokenListProps) {
  const spoken = useClockText((now) =>
    texts.map((text) => screenReaderText(sanitizeText(textAt(text, now)))).join(BETWEEN),
  );
  const wrapped = spoken.split(BETWEEN).map((text) => wrapText(text, columns));
  const end = Math.max(0, selected) + 1;
  const height = (from: number) => wrapped.slice(from, end).reduce((sum, { length }) => sum + length, 0);
  let first = 0;
  while (first < end - 1 && height(first) > rows) first += 1;
  const lines = wrapped
    .slice(first)
    .flatMap((parts, at) => parts.map((text, part) => ({ text, part, at: first + at })))
    .slice(0, Math.max(0, rows));
  const over = focused ? 'selected' : 'marked';
  return lines.map(({ text, part, at }) => (
    <Box key={`${at} ${part}`} height={1} flexShrink={0}>
      {/* The cursor of the terminal goes to the first row of the selected one. */}
      <Text over={at === selected && part === 0 ? over : undefined}>{text}</Text>
    </Box>
  ));
}
