import { Box, Text as InkText } from 'ink';
import { createContext, memo, type ReactNode, useContext, useSyncExternalStore } from 'react';
import { MINUTE_MS } from '../../../core/lib/clock.ts';
import { sanitizeText } from '../../../core/lib/sanitize-text.ts';
import { rowCells, type StyledRow } from '../styled-row.ts';
import { asAscii, screenReaderText } from '../text/ascii.ts';
import { makeTheme, type StyleName, type Theme } from '../theme.ts';

export const ThemeContext = createContext<Theme>(makeTheme({ colors: true, unicode: true }));

export function useTheme(): Theme {
  return useContext(ThemeContext);
}

interface TextProps {
  style?: StyleName | undefined;
  /** An additional style on top, such as that of the selected row. */
  over?: StyleName | undefined;
  /** Text from outside: a screen reader receives its blanks and signs unchanged. */
  verbatim?: boolean | undefined;
  children?: ReactNode;
}

/**
 * A text of one line. Ink passes colours and tabs in external text through, so all text is sanitized here. A lint rule
 * forbids Ink's own `Text` elsewhere in the dashboard.
 */
export function Text({ style = 'plain', over, verbatim = false, children }: TextProps) {
  const theme = useTheme();
  const [own, top] = [theme.style(style), over === undefined ? {} : theme.style(over)];
  // Inverse, a colour would be a block within the row, so that of a state is put where the letters have theirs.
  const { color: _color, dimColor: _dim, ...withoutColor } = own;
  const onBar = over === 'selected' ? theme.onBar(style) : {};
  // Titles keep their own colours on their background.
  const textStyle = top.inverse ? { ...withoutColor, ...top, ...onBar } : { ...top, ...own };
  return (
    <InkText wrap="truncate-end" {...textStyle}>
      {cleaned(children, (text) => drawn(text, theme, verbatim))}
    </InkText>
  );
}

function cleaned(children: ReactNode, draw: (text: string) => string): ReactNode {
  if (typeof children === 'string') return draw(sanitizeText(children));
  if (Array.isArray(children)) return children.map((child) => cleaned(child, draw));
  return children;
}

function drawn(text: string, { unicode, screenReader }: Theme, verbatim: boolean): string {
  const words = screenReader && !verbatim ? screenReaderText(text) : text;
  return unicode ? words : asAscii(words);
}

/** The source of the seconds. */
interface Clock {
  now(): number;
  /** Calls `listener` each second until the returned function is called. */
  onClock(listener: () => void): () => void;
}

/** Returns a clock that calls back only when a minute has passed. */
export function minuteClock(clock: Clock): Clock {
  return {
    now: clock.now,
    onClock: (listener) => {
      let minute = minuteOf(clock.now());
      return clock.onClock(() => {
        if (minuteOf(clock.now()) === minute) return;
        minute = minuteOf(clock.now());
        listener();
      });
    },
  };
}

function minuteOf(now: number): number {
  return Math.floor(now / MINUTE_MS);
}

export const ClockContext = createContext<Clock>({ now: () => 0, onClock: () => () => {} });

/** A text of the time (epoch ms) that is drawn again when it changes. */
export function useClockText(of: (now: number) => string): string {
  const { now, onClock } = useContext(ClockContext);
  return useSyncExternalStore(onClock, () => of(now()));
}

/**
 * A text that changes by the second, such as a countdown. Each second only this text is redrawn, and only if it has
 * changed. A view that uses `state.now` is redrawn once a minute.
 */
export function ClockText({ of, ...props }: Omit<TextProps, 'children'> & { of: (now: number) => string }) {
  return <Text {...props}>{useClockText(of)}</Text>;
}

function fits(row: StyledRow, columns: number): boolean {
  return row.spans.every(({ text }) => typeof text === 'string') && rowCells(row) <= columns;
}

/** A row of a pane. A text longer than `columns` is cut off, if the caller has not done so. */
export const Row = memo(function Row({ row, columns }: { row: StyledRow; columns?: number }) {
  const { screenReader, unicode } = useTheme();
  // Ink takes a clipped text apart again in each frame, so that only rows are clipped that may be too long.
  const isWhole = columns === undefined || (!screenReader && unicode && fits(row, columns));
  const clip = isWhole ? {} : ({ width: columns, overflow: 'hidden' } as const);
  return (
    <Box flexShrink={0} height={1} {...clip}>
      {row.spans.length === 0 && <Text> </Text>}
      <Spans row={row} />
    </Box>
  );
});

/** Without the blanks that make columns: one at the end of a text is enough before the next. */
function spoken(spans: StyledRow['spans']): StyledRow['spans'] {
  let isBlankBefore = true;
  return spans.map((span) => {
    const { text } = span;
    if (typeof text !== 'string') {
      isBlankBefore = false;
      return span;
    }
    const words = screenReaderText(text);
    const own = isBlankBefore ? words.trimStart() : words;
    // A text of drawings alone says nothing.
    if (own !== '') isBlankBefore = own.endsWith(' ');
    return { ...span, text: own };
  });
}

/** Neighbours of one style as one text, because each text costs time in every frame. */
function joined(spans: StyledRow['spans']): StyledRow['spans'] {
  const parts: StyledRow['spans'][number][] = [];
  for (const span of spans) {
    const { text, style } = span;
    const last = parts.at(-1);
    if (last?.style === style && typeof last.text === 'string' && typeof text === 'string')
      parts[parts.length - 1] = { text: last.text + text, style };
    else parts.push(span);
  }
  return parts;
}

/** The texts of a row, without their own box. */
export function Spans({ row: { spans, selected, isTitles } }: { row: StyledRow }) {
  const theme = useTheme();
  const over = selected ? 'selected' : isTitles ? 'titles' : undefined;
  const shown = theme.screenReader
    ? spoken(selected ? [{ text: theme.sign('pointer'), style: 'plain' }, ...spans] : spans)
    : joined(spans);
  return shown.map(({ text, style }, at) =>
    typeof text === 'string' ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: a part of a line is its number
      <Text key={at} style={style} over={over}>
        {text}
      </Text>
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: a part of a line is its number
      <ClockText key={at} style={style} over={over} of={text} />
    ),
  );
}
