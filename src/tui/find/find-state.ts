import type { JobRow } from '../live/job-row.ts';
import { type Completion, completeFilter } from './complete-filter.ts';
import { type CursorMove, type Erasure, eraseInLine, type Line, moveInLine, typeInto } from './edit-line.ts';
import { type Filter, NO_FILTER } from './filter.ts';
import { parseFilter } from './parse-filter.ts';

/** The filter of a view, and the prompt in which it is typed. It filters with every key. */
export interface FindState extends Line {
  /** What the text says; the view shows its problems while the prompt is open. */
  readonly filter: Filter;
  readonly isOpen: boolean;
  /** The text before the prompt was opened: Esc brings it back. */
  readonly before: string;
  /** While Tab walks through what may stand at the cursor. */
  readonly completing: Completing | null;
  /** Filters that were kept earlier, the newest first. */
  readonly recent: readonly string[];
  /** Which of them is shown, while somebody walks through them. */
  readonly recentAt: number | null;
}

interface Completing {
  readonly completion: Completion;
  /** The line before the first choice was put in. */
  readonly line: Line;
  readonly at: number;
}

const MOST_RECENT = 30;

export const NO_FIND: FindState = {
  ...{ text: '', cursor: 0, filter: NO_FILTER, isOpen: false, before: '', completing: null },
  ...{ recent: [], recentAt: null },
};

/** Opens the prompt with the filter that is there, to go on typing. */
export function openFind(find: FindState): FindState {
  return { ...withLine(find, moveInLine(find, 'end')), isOpen: true, before: find.text };
}

/** Sets the filter to this text, as a state toggle or saved preferences do. */
export function setFind(find: FindState, text: string): FindState {
  return withLine(find, { text, cursor: text.length });
}

export function typeFind(find: FindState, typed: string): FindState {
  return withLine(find, typeInto(find, typed));
}

export function moveFind(find: FindState, move: CursorMove): FindState {
  return withLine(find, moveInLine(find, move));
}

export function eraseFind(find: FindState, erasure: Erasure): FindState {
  return withLine(find, eraseInLine(find, erasure));
}

/** Enter: the filter stays, the prompt goes. */
export function keepFind(find: FindState): FindState {
  const { text } = find;
  const recent =
    text.trim() === ''
      ? find.recent
      : [text, ...find.recent.filter((each) => each !== text)].slice(0, MOST_RECENT);
  return { ...withLine(find, find), isOpen: false, recent };
}

/** Esc: what was typed since the prompt was opened is given up; without a prompt, the whole filter. */
export function leaveFind(find: FindState): FindState {
  return { ...setFind(find, find.isOpen ? find.before : ''), isOpen: false };
}

/** Tab and Shift+Tab: puts in the next (`1`) or the last (`-1`) of what may stand at the cursor. */
export function completeFind(find: FindState, step: 1 | -1, rows: readonly JobRow[]): FindState {
  const { text, cursor } = find;
  const completing = find.completing ?? {
    completion: completeFilter(text, cursor, rows),
    ...{ line: { text, cursor }, at: step === 1 ? -1 : 0 },
  };
  const { completion, line } = completing;
  const { choices, from, to } = completion;
  if (choices.length === 0) return find;
  const at = (completing.at + step + choices.length) % choices.length;
  const choice = choices[at]?.text ?? '';
  const completed = line.text.slice(0, from) + choice + line.text.slice(to);
  const next = withLine(find, { text: completed, cursor: from + choice.length });
  // With only one there is nothing to walk through: the next Tab completes what follows.
  return choices.length === 1 ? next : { ...next, completing: { completion, line, at } };
}

/** What may stand at the cursor, to show while typing. */
export function choicesAt(find: FindState, rows: readonly JobRow[]): Completion {
  return find.completing?.completion ?? completeFilter(find.text, find.cursor, rows);
}

/** Up (`1`, older) and Down (`-1`) through the filters that were kept. */
export function recallFind(find: FindState, step: 1 | -1): FindState {
  const at = (find.recentAt ?? -1) + step;
  if (at >= find.recent.length) return find;
  const text = at < 0 ? find.before : (find.recent[at] ?? '');
  return { ...setFind(find, text), recentAt: at < 0 ? null : at };
}

function withLine(find: FindState, { text, cursor }: Line): FindState {
  const filter = text === find.filter.text ? find.filter : parseFilter(text);
  return { ...find, text, cursor, filter, completing: null, recentAt: null };
}
