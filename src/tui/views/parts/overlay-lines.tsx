import { cleanLine } from '../../text/clean.ts';
import type { EditedLine } from '../../text/edit-line.ts';
import { cellsOf, cut } from '../../text/fit.ts';
import type { LookName } from '../../theme.ts';
import { Field } from './field.tsx';
import type { OverlayLine } from './overlay.tsx';
import { Text } from './text.tsx';

/** A line of one text, cut to the `inner` cells within the frame. */
export function textLine(key: string, text: string, look: LookName, inner: number): OverlayLine {
  const shown = cut(cleanLine(text), inner);
  return { key, cells: cellsOf(shown), content: <Text look={look}>{shown}</Text> };
}

/** The line into which is typed what is looked for, behind a word for it. */
export function queryLine(word: string, query: EditedLine, inner: number): OverlayLine {
  const content = (
    <>
      <Text look="key">{`${word} `}</Text>
      <Field line={query} columns={inner - cellsOf(word) - 1} />
    </>
  );
  return { key: 'query', cells: inner, content };
}

export function gapLine(key: string): OverlayLine {
  return { key, cells: 0, content: null };
}
