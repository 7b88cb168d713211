import type { JobRow } from '../../../home/job-row.ts';
import { type Input, keyOf } from '../../../ui/input.ts';
import { type EditedLine, editLine, toEditedLine } from '../../../ui/text/edit-line.ts';
import type { FindState } from '../model.ts';
import { completeFilter } from './complete-filter.ts';
import type { Completion } from './model.ts';
import { parseFilter } from './parse-filter.ts';

const MAX_RECENT = 30;

/** Opens the prompt with the current filter in it. */
export function openFind(find: FindState): FindState {
  return { ...setFind(find, find.line.text), isOpen: true, before: find.line.text };
}

/** Sets the filter to this text. State toggles and saved preferences use this. */
export function setFind(find: FindState, text: string): FindState {
  return withLine(find, toEditedLine(text));
}

/**
 * The state after an input to the open prompt. Enter applies the filter, Esc restores the previous one. Tab and
 * Shift+Tab go through completions, Up and Down through earlier filters. Other keys edit the line.
 * @param rows the jobs whose names are completed
 */
export function inputToFind(find: FindState, input: Input, rows: readonly JobRow[]): FindState {
  switch (keyOf(input)) {
    case 'enter':
      return acceptFind(find);
    case 'escape':
      return { ...setFind(find, find.before), isOpen: false };
    case 'tab':
      return completeFind(find, 1, rows);
    case 'shift+tab':
      return completeFind(find, -1, rows);
    case 'up':
      return recallRecent(find, 1);
    case 'down':
      return recallRecent(find, -1);
    default: {
      const line = editLine(find.line, input);
      return line === undefined ? find : withLine(find, line);
    }
  }
}

/** The completions at the cursor, to show while the user types. */
export function completionsAt(find: FindState, rows: readonly JobRow[]): Completion {
  return find.completing?.completion ?? completeFilter(find.line.text, find.line.cursor, rows);
}

function acceptFind(find: FindState): FindState {
  const { text } = find.line;
  const others = find.recent.filter((each) => each !== text);
  const recent = text.trim() === '' ? find.recent : [text, ...others].slice(0, MAX_RECENT);
  return { ...withLine(find, find.line), isOpen: false, recent };
}

function completeFind(find: FindState, step: 1 | -1, rows: readonly JobRow[]): FindState {
  const { line, completing } = find;
  const begun = completing ?? {
    completion: completeFilter(line.text, line.cursor, rows),
    ...{ line, at: step === 1 ? -1 : 0 },
  };
  const { completion, line: original } = begun;
  const { choices, from, to } = completion;
  if (choices.length === 0) return find;
  const at = (begun.at + step + choices.length) % choices.length;
  const choice = choices[at]?.text ?? '';
  const text = original.text.slice(0, from) + choice + original.text.slice(to);
  const next = withLine(find, { text, cursor: from + choice.length });
  // A single choice needs no cycling, so the next Tab completes what follows.
  return choices.length === 1 ? next : { ...next, completing: { completion, line: original, at } };
}

function recallRecent(find: FindState, step: 1 | -1): FindState {
  const at = Math.max(-1, (find.recentAt ?? -1) + step);
  if (at >= find.recent.length) return find;
  const text = at < 0 ? find.before : (find.recent[at] ?? '');
  return { ...setFind(find, text), recentAt: at < 0 ? null : at };
}

function withLine(find: FindState, line: EditedLine): FindState {
  const filter = line.text === find.filter.text ? find.filter : parseFilter(line.text);
  return { ...find, line, filter, completing: null, recentAt: null };
}

/** The footer while the user types a filter. */
export const FIND_KEYS = [
  { key: 'Enter', word: 'keep' },
  { key: 'Esc', word: 'undo' },
  { key: 'Tab', word: 'complete' },
  { key: '↑↓', word: 'earlier' },
] as const;
