import { Box } from 'ink';
import type { ReactNode } from 'react';
import type { Rect } from '../layout.ts';
import { cleanLine } from '../text/clean.ts';
import type { EditedLine } from '../text/edit-line.ts';
import { textWidth, truncate } from '../text/fit.ts';
import type { StyleName } from '../theme.ts';
import { Field } from './field.tsx';
import { Text, useTheme } from './text.tsx';

/** A line of an overlay. `cells` is its width, so that what lies below is covered to the border. */
export interface OverlayLine {
  key: string;
  cells: number;
  content: ReactNode;
}

interface OverlayProps {
  rect: Rect;
  title: string;
  lines: readonly OverlayLine[];
}

/** A framed box over the view. `rect` holds the frame. Every cell of it is written: nothing shows through. */
export function Overlay({ rect, title, lines }: OverlayProps) {
  const theme = useTheme();
  if (theme.screenReader) return <ScreenReaderOverlay rect={rect} title={title} lines={lines} />;
  const inner = rect.columns - 4;
  const name = truncate(` ${title} `, rect.columns - 4);
  const line = theme.sign('line');
  const top = `${theme.sign('topLeft')}${line}${name}${line.repeat(Math.max(0, rect.columns - 3 - textWidth(name)))}${theme.sign('topRight')}`;
  const bottom = `${theme.sign('bottomLeft')}${line.repeat(rect.columns - 2)}${theme.sign('bottomRight')}`;
  const shown: OverlayLine[] = Array.from(
    { length: rect.rows - 2 },
    (_, row) => lines[row] ?? { key: `blank ${row}`, cells: 0, content: null },
  );
  return (
    <Box position="absolute" marginLeft={rect.column} marginTop={rect.row} flexDirection="column">
      <Text style="accent">{top}</Text>
      {shown.map(({ key, cells, content }) => (
        <Box key={key} height={1} flexShrink={0}>
          <Text style="accent">{`${theme.sign('separator')} `}</Text>
          {content}
          <Text>{' '.repeat(Math.max(0, inner - cells))}</Text>
          <Text style="accent">{` ${theme.sign('separator')}`}</Text>
        </Box>
      ))}
      <Text style="accent">{bottom}</Text>
    </Box>
  );
}

/** The same for a screen reader, below the header and in place of the view: a title, then the lines. */
function ScreenReaderOverlay({ rect, title, lines }: OverlayProps) {
  return (
    <Box position="absolute" marginTop={1} flexDirection="column" width={rect.columns}>
      <Box height={1} flexShrink={0}>
        <Text style="heading">{`Dialog: ${title}`}</Text>
      </Box>
      {lines.slice(0, rect.rows - 2).map(({ key, content }) => (
        <Box key={key} height={1} flexShrink={0}>
          {content}
        </Box>
      ))}
    </Box>
  );
}

/** Where an overlay of this size lies: in the middle of the body, never larger than it. */
export function centerRect(body: Rect, columns: number, rows: number): Rect {
  const width = Math.min(columns, body.columns);
  const height = Math.min(rows, body.rows);
  return {
    column: body.column + Math.floor((body.columns - width) / 2),
    row: body.row + Math.floor((body.rows - height) / 2),
    columns: width,
    rows: height,
  };
}

/** A line of one text, cut to the `inner` cells within the frame. */
export function textLine(key: string, text: string, style: StyleName, inner: number): OverlayLine {
  const shown = truncate(cleanLine(text), inner);
  return { key, cells: textWidth(shown), content: <Text style={style}>{shown}</Text> };
}

/** The line into which is typed what is looked for, behind a word for it. */
export function queryLine(label: string, query: EditedLine, inner: number): OverlayLine {
  const content = (
    <>
      <Text style="key">{`${label} `}</Text>
      <Field line={query} columns={inner - textWidth(label) - 1} />
    </>
  );
  return { key: 'query', cells: inner, content };
}

export function gapLine(key: string): OverlayLine {
  return { key, cells: 0, content: null };
}
