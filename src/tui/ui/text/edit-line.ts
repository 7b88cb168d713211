import { splitGraphemes } from '../../../core/lib/display-width.ts';
import { sanitizeText } from '../../../core/lib/sanitize-text.ts';
import type { Input } from '../input.ts';

/** A line of text during editing; `cursor` is an index between two characters. */
export interface EditedLine {
  text: string;
  cursor: number;
}

export const EMPTY_LINE: EditedLine = { text: '', cursor: 0 };

export function toEditedLine(text: string): EditedLine {
  return { text, cursor: text.length };
}

/**
 * Applies an input to the line; `undefined` when the input has no meaning here. The keys are those of a shell's command
 * line.
 */
export function editLine(line: EditedLine, input: Input): EditedLine | undefined {
  if (input.kind === 'paste') return insert(line, sanitizeText(input.text));
  if (input.kind !== 'key') return undefined;
  if (input.text !== '') return insert(line, input.text);
  return EDITS[input.key]?.(line);
}

const EDITS: Readonly<Record<string, (line: EditedLine) => EditedLine>> = {
  left: (line) => ({ ...line, cursor: before(line) }),
  right: (line) => ({ ...line, cursor: after(line) }),
  home: (line) => ({ ...line, cursor: 0 }),
  'ctrl+a': (line) => ({ ...line, cursor: 0 }),
  end: (line) => toEditedLine(line.text),
  'ctrl+e': (line) => toEditedLine(line.text),
  'ctrl+left': (line) => ({ ...line, cursor: wordBefore(line) }),
  'alt+b': (line) => ({ ...line, cursor: wordBefore(line) }),
  'ctrl+right': (line) => ({ ...line, cursor: wordAfter(line) }),
  'alt+f': (line) => ({ ...line, cursor: wordAfter(line) }),
  backspace: (line) => without(line, before(line), line.cursor),
  delete: (line) => without(line, line.cursor, after(line)),
  'ctrl+w': (line) => without(line, wordBefore(line), line.cursor),
  'alt+backspace': (line) => without(line, wordBefore(line), line.cursor),
  'ctrl+u': (line) => without(line, 0, line.cursor),
  'ctrl+k': (line) => without(line, line.cursor, line.text.length),
};

/** The maximum length of a line. Longer input is probably a whole file that was pasted by mistake. */
const MAX_LINE_LENGTH = 10_000;

function insert({ text, cursor }: EditedLine, typed: string): EditedLine {
  const room = Math.max(0, MAX_LINE_LENGTH - text.length);
  const added = typed.length > room ? cutAt(typed, room) : typed;
  return { text: text.slice(0, cursor) + added + text.slice(cursor), cursor: cursor + added.length };
}

/** Does not split a surrogate pair. */
function cutAt(text: string, length: number): string {
  return text.slice(0, length).replace(/[\ud800-\udbff]$/, '');
}

function without({ text }: EditedLine, from: number, to: number): EditedLine {
  return { text: text.slice(0, from) + text.slice(to), cursor: from };
}

function before({ text, cursor }: EditedLine): number {
  let last = 0;
  for (const { index } of splitGraphemes(text.slice(0, cursor))) last = index;
  return last;
}

function after({ text, cursor }: EditedLine): number {
  for (const { segment } of splitGraphemes(text.slice(cursor))) return cursor + segment.length;
  return cursor;
}

function wordBefore({ text, cursor }: EditedLine): number {
  return /\S*\s*$/.exec(text.slice(0, cursor))?.index ?? 0;
}

function wordAfter({ text, cursor }: EditedLine): number {
  return cursor + (/^\s*\S*/.exec(text.slice(cursor))?.[0].length ?? 0);
}
