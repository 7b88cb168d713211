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
  /** How many rows the list has behind the texts: the last row of the screen then says how many have no room. */
  readonly beyond?: number;
}

/** With fewer rows, the list has all of them. */
const MIN_ROWS_WITH_REST = 3;

/**
 * The rows of a list for a screen reader, which has no width: a sentence goes on in further rows, and none is cut. The
 * selected one is whole; the first ones make room for it.
 */
export function SpokenList({ texts, selected, focused = true, columns, rows, beyond }: SpokenListProps) {
  const spoken = useClockText((now) =>
    texts.map((text) => screenReaderText(sanitizeText(textAt(text, now)))).join(BETWEEN),
  );
  const wrapped = spoken.split(BETWEEN).map((text) => wrapText(text, columns));
  const end = Math.max(0, selected) + 1;
  const height = (from: number) => wrapped.slice(from, end).reduce((sum, { length }) => sum + length, 0);
  const all = wrapped.reduce((sum, { length }) => sum + length, 0);
  const isCut = beyond !== undefined && rows >= MIN_ROWS_WITH_REST && (beyond > 0 || all > rows);
  const room = isCut ? rows - 1 : Math.max(0, rows);
  let first = 0;
  while (first < end - 1 && height(first) > room) first += 1;
  let heard = first;
  let used = 0;
  for (const { length } of wrapped.slice(first)) {
    // Only the selected one is begun where it has no room.
    if (isCut && used + length > room && heard !== Math.max(0, selected)) break;
    used += length;
    heard += 1;
  }
  const lines = wrapped
    .slice(first, heard)
    .flatMap((parts, at) => parts.map((text, part) => ({ text, part, at: first + at })))
    .slice(0, room);
  const over = focused ? 'selected' : 'marked';
  const below = isCut ? wrapped.length - heard + beyond : 0;
  const spokenLines = lines.map(({ text, part, at }) => (
    <Box key={`${at} ${part}`} height={1} flexShrink={0}>
      {/* The cursor of the terminal goes to the first row of the selected one. */}
      <Text over={at === selected && part === 0 ? over : undefined}>{text}</Text>
    </Box>
  ));
  if (below === 0) return spokenLines;
  return [
    ...spokenLines,
    <Box key="below" height={1} flexShrink={0}>
      <Text style="faint">{`${below.toLocaleString('en-US')} more below`}</Text>
    </Box>,
  ];
}
