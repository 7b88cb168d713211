import { cleanLine } from '../../text/clean.ts';
import type { EditedLine } from '../../text/edit-line.ts';
import { textWidth, truncate } from '../../text/fit.ts';
import type { StyleName } from '../../theme.ts';
import { Field } from './field.tsx';
import type { OverlayLine } from './overlay.tsx';
import { Text } from './text.tsx';

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
