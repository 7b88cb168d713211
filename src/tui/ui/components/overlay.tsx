import { Box } from 'ink';
import type { ReactNode } from 'react';
import { displayWidth, truncateToWidth } from '../../../core/lib/display-width.ts';
import { sanitizeText } from '../../../core/lib/sanitize-text.ts';
import type { MouseInput } from '../input.ts';
import type { Rect } from '../layout.ts';
import { type ScrollWindow, thumbOf } from '../scroll.ts';
import type { EditedLine } from '../text/edit-line.ts';
import type { StyleName, Theme } from '../theme.ts';
import { Field } from './field.tsx';
import { SpokenList } from './spoken-list.tsx';
import { Text, useTheme } from './text.tsx';

/** A line of an overlay. `cells` is its width, which is needed to cover the content below up to the border. */
export interface OverlayLine {
  key: string;
  cells: number;
  content: ReactNode;
  /** How many lines high the content is, if it is a table. */
  rows?: number;
}

interface OverlayProps {
  rect: Rect;
  title: string;
  lines: readonly OverlayLine[];
  /** What is in sight of a list or a text that may be longer: the right side of the frame shows where that is. */
  scroll?: ScrollWindow | undefined;
}

/** A framed box over the view. `rect` includes the frame. Every cell is written, so nothing shows through. */
export function Overlay(props: OverlayProps) {
  const theme = useTheme();
  if (theme.screenReader) return <ScreenReaderOverlay {...props} />;
  const { rect, title, lines, scroll } = props;
  const inner = rect.columns - 4;
  const name = truncateToWidth(` ${title} `, rect.columns - 4);
  const line = theme.sign('line');
  const top = `${theme.sign('topLeft')}${line}${name}${line.repeat(Math.max(0, rect.columns - 3 - displayWidth(name)))}${theme.sign('topRight')}`;
  const bottom = `${theme.sign('bottomLeft')}${line.repeat(rect.columns - 2)}${theme.sign('bottomRight')}`;
  const shown = linesWithin(lines, rect.rows - 2);
  const right = rightSide(rect.rows - 2, scroll, theme);
  const starts = shown.map((_, at) => shown.slice(0, at).reduce((sum, { rows = 1 }) => sum + rows, 0));
  return (
    <Box position="absolute" marginLeft={rect.column} marginTop={rect.row} flexDirection="column">
      <Text style="accent">{top}</Text>
      {shown.map(({ key, cells, content, rows = 1 }, at) => (
        <Box key={key} height={rows} flexShrink={0}>
          <Stack texts={Array(rows).fill(`${theme.sign('separator')} `)} style="accent" />
          {content}
          <Stack texts={Array(rows).fill(' '.repeat(Math.max(0, inner - cells)))} />
          <Stack texts={right.slice(starts[at], (starts[at] ?? 0) + rows)} style="accent" />
        </Box>
      ))}
      <Text style="accent">{bottom}</Text>
    </Box>
  );
}

/** The lines that fit, and blank ones up to the frame. */
function linesWithin(lines: readonly OverlayLine[], height: number): OverlayLine[] {
  const shown: OverlayLine[] = [];
  let room = height;
  for (const line of lines) {
    const { rows = 1 } = line;
    if (rows > room) break;
    shown.push(line);
    room -= rows;
  }
  const blanks = Array.from({ length: room }, (_, row) => gapLine(`blank ${row}`));
  return [...shown, ...blanks];
}

/** The right side of a frame, line by line; where there is more than is in sight, it is a track with a thumb. */
function rightSide(rows: number, scroll: ScrollWindow | undefined, { sign }: Theme): readonly string[] {
  const thumb = scroll && thumbOf(scroll, rows);
  return Array.from({ length: rows }, (_, row) => {
    const at = thumb === undefined ? -1 : row - thumb.from;
    return ` ${sign(at >= 0 && at < (thumb?.cells ?? 0) ? 'thumb' : 'separator')}`;
  });
}

/** Texts below each other. */
function Stack({ texts, style }: { texts: readonly string[]; style?: StyleName }) {
  return (
    <Box flexDirection="column" flexShrink={0}>
      {texts.map((text, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row of the screen is its number
        <Text key={row} style={style}>
          {text}
        </Text>
      ))}
    </Box>
  );
}

/** The overlay for a screen reader: a title, then the lines, below the header and in place of the view. */
function ScreenReaderOverlay({ rect, title, lines, scroll }: OverlayProps) {
  return (
    <Box position="absolute" marginTop={1} flexDirection="column" width={rect.columns}>
      <Box height={1} flexShrink={0}>
        <Text style="heading">{`Dialog: ${title}${describeWindow(scroll)}`}</Text>
      </Box>
      {linesWithin(lines, rect.rows - 2).map(({ key, content, rows = 1 }) => (
        <Box key={key} height={rows} flexShrink={0}>
          {content}
        </Box>
      ))}
    </Box>
  );
}

/** `, rows 5 to 12 of 40`, of a text; a list says itself which of its rows is selected. */
function describeWindow(scroll: ScrollWindow | undefined): string {
  if (scroll === undefined || scroll.index !== undefined || scroll.count <= scroll.height) return '';
  const { top, height, count } = scroll;
  return `, rows ${top + 1} to ${Math.min(count, top + height)} of ${count}`;
}

/** A list in a box, as far as a click has to know it. */
export interface ListBox extends Pick<ScrollWindow, 'top' | 'height' | 'count'> {
  readonly rect: Rect;
  /** How many lines stand between the frame and the first row in sight. */
  readonly above: number;
}

/** The row of a list in a cell of the screen, from 0; `undefined` beside the rows. */
export function rowInBox(
  { rect, above, top, height, count }: ListBox,
  { column, row }: Pick<MouseInput, 'column' | 'row'>,
): number | undefined {
  const line = row - rect.row - 1 - above;
  const cell = column - rect.column;
  const isInside = line >= 0 && line < height && cell > 0 && cell < rect.columns - 1;
  return isInside && top + line < count ? top + line : undefined;
}

/** Of fewer cells beside a box, nothing can be read. */
const MIN_CELLS_BESIDE = 4;

/**
 * Returns the width of a box that would be `columns` wide: at most that of the body, and the same as it where only a
 * sliver of the view would be left at a side.
 */
export function boxColumns(body: Rect, columns: number): number {
  return Math.floor((body.columns - columns) / 2) < MIN_CELLS_BESIDE ? body.columns : columns;
}

/** Centers an overlay of this size in the body; it is never larger than the body. */
export function centerRect(body: Rect, columns: number, rows: number): Rect {
  const width = boxColumns(body, columns);
  const height = Math.min(rows, body.rows);
  return {
    column: body.column + Math.floor((body.columns - width) / 2),
    row: body.row + Math.floor((body.rows - height) / 2),
    columns: width,
    rows: height,
  };
}

/** A line with one text, cut to the `inner` cells within the frame. */
export function textLine(key: string, text: string, style: StyleName, inner: number): OverlayLine {
  const shown = truncateToWidth(sanitizeText(text), inner);
  return { key, cells: displayWidth(shown), content: <Text style={style}>{shown}</Text> };
}

/** The line for a search text, with a label before it. */
export function queryLine(label: string, query: EditedLine, inner: number): OverlayLine {
  const content = (
    <>
      <Text style="key">{`${label} `}</Text>
      <Field line={query} columns={inner - displayWidth(label) - 1} />
    </>
  );
  return { key: 'query', cells: inner, content };
}

/** The rows of a list for a screen reader as one line of an overlay, `rows` high. */
export function spokenLine(
  texts: readonly string[],
  selected: number,
  inner: number,
  rows: number,
): OverlayLine {
  const content = (
    <Box flexDirection="column">
      <SpokenList texts={texts} selected={selected} columns={inner} rows={rows} />
    </Box>
  );
  return { key: 'spoken', cells: inner, content, rows };
}

export function gapLine(key: string): OverlayLine {
  return { key, cells: 0, content: null };
}
