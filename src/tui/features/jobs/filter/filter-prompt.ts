import { parseFilter } from '../../../../core/jobs/filter/parse-filter.ts';
import { type JobDisplayState, STATE_ALIASES } from '../../../../core/jobs/job-display-state.ts';
import type { JobRow } from '../../../home/job-row.ts';
import { type Input, keyOf } from '../../../ui/input.ts';
import { type EditedLine, editLine, toEditedLine } from '../../../ui/text/edit-line.ts';
import type { Completion, FilterPrompt } from '../model.ts';
import { completeFilter } from './complete-filter.ts';

const MAX_RECENT = 30;

/** Opens the prompt with the current filter in it. */
export function openFilterPrompt(prompt: FilterPrompt): FilterPrompt {
  return { ...setFilterText(prompt, prompt.line.text), isOpen: true, before: prompt.line.text };
}

/** Sets the filter to this text. State toggles and saved preferences use this. */
export function setFilterText(prompt: FilterPrompt, text: string): FilterPrompt {
  return withLine(prompt, toEditedLine(text));
}

/**
 * The state after an input to the open prompt. Enter applies the filter, Esc restores the previous one. Tab and
 * Shift+Tab go through completions, Up and Down through earlier filters. Other keys edit the line.
 * @param rows the jobs whose names are completed
 */
export function inputToFilterPrompt(
  prompt: FilterPrompt,
  input: Input,
  rows: readonly JobRow[],
): FilterPrompt {
  switch (keyOf(input)) {
    case 'enter':
      return acceptFilter(prompt);
    case 'escape':
      return { ...setFilterText(prompt, prompt.before), isOpen: false };
    case 'tab':
      return completePrompt(prompt, 1, rows);
    case 'shift+tab':
      return completePrompt(prompt, -1, rows);
    case 'up':
      return recallRecent(prompt, 1);
    case 'down':
      return recallRecent(prompt, -1);
    default: {
      const line = editLine(prompt.line, input);
      return line === undefined ? prompt : withLine(prompt, line);
    }
  }
}

/** The completions at the cursor, to show while the user types. */
export function completionsAt(prompt: FilterPrompt, rows: readonly JobRow[]): Completion {
  return prompt.completing?.completion ?? completeFilter(prompt.line.text, prompt.line.cursor, rows);
}

function acceptFilter(prompt: FilterPrompt): FilterPrompt {
  const { text } = prompt.line;
  const others = prompt.recent.filter((each) => each !== text);
  const recent = text.trim() === '' ? prompt.recent : [text, ...others].slice(0, MAX_RECENT);
  return { ...withLine(prompt, prompt.line), isOpen: false, recent };
}

function completePrompt(prompt: FilterPrompt, step: 1 | -1, rows: readonly JobRow[]): FilterPrompt {
  const { line, completing } = prompt;
  const begun = completing ?? {
    completion: completeFilter(line.text, line.cursor, rows),
    line,
    at: step === 1 ? -1 : 0,
  };
  const { completion, line: original } = begun;
  const { choices, from, to } = completion;
  if (choices.length === 0) return prompt;
  const at = (begun.at + step + choices.length) % choices.length;
  const choice = choices[at]?.text ?? '';
  const text = original.text.slice(0, from) + choice + original.text.slice(to);
  const next = withLine(prompt, { text, cursor: from + choice.length });
  // A single choice needs no cycling, so the next Tab completes what follows.
  return choices.length === 1 ? next : { ...next, completing: { completion, line: original, at } };
}

function recallRecent(prompt: FilterPrompt, step: 1 | -1): FilterPrompt {
  const at = Math.max(-1, (prompt.recentAt ?? -1) + step);
  if (at >= prompt.recent.length) return prompt;
  const text = at < 0 ? prompt.before : (prompt.recent[at] ?? '');
  return { ...setFilterText(prompt, text), recentAt: at < 0 ? null : at };
}

function withLine(prompt: FilterPrompt, line: EditedLine): FilterPrompt {
  const filter = line.text === prompt.filter.text ? prompt.filter : parseFilter(line.text);
  return { ...prompt, line, filter, completing: null, recentAt: null };
}

/** The footer while the user types a filter. */
export const FILTER_PROMPT_KEYS = [
  { key: 'Enter', word: 'keep' },
  { key: 'Esc', word: 'undo' },
  { key: 'Tab', word: 'complete' },
  { key: '↑↓', word: 'earlier' },
] as const;

/** The groups of states. Each has a key that shows or hides it. */
export const STATE_TOGGLES = [
  { key: '1', name: 'bad' },
  { key: '2', name: 'active' },
  { key: '3', name: 'ok' },
  { key: '4', name: 'new' },
  { key: '5', name: 'disabled' },
] as const;

/** The states of a group. */
export function statesInGroup(name: (typeof STATE_TOGGLES)[number]['name']): readonly JobDisplayState[] {
  return name === 'bad' || name === 'active' ? (STATE_ALIASES[name] ?? []) : [name];
}

/**
 * Adds a group of states to the `state:` term of a filter's text, or removes it when the term contains all of it. The
 * rest of the text stays as typed.
 */
export function toggleStates(text: string, states: readonly JobDisplayState[]): string {
  const term = stateTerm(text);
  if (term === undefined) return `${text.trimEnd()} state:${wordsOf(states)}`.trimStart();
  const others = term.states.filter((state) => !states.includes(state));
  const isSelected = states.every((state) => term.states.includes(state));
  const next = isSelected ? others : [...others, ...states];
  const after = text.slice(term.to);
  if (next.length > 0) return `${text.slice(0, term.from)}state:${wordsOf(next)}${after}`;
  return (text.slice(0, term.from) + after.trimStart()).trimEnd();
}

function stateTerm(text: string) {
  const term = parseFilter(text).terms.find(({ kind, negated }) => kind === 'state' && !negated);
  return term?.kind === 'state' ? term : undefined;
}

/** The fewest words that name these states. */
function wordsOf(states: readonly JobDisplayState[]): string {
  let left = [...states];
  const words: string[] = [];
  for (const { name } of STATE_TOGGLES) {
    const group = statesInGroup(name);
    if (!group.every((state) => left.includes(state))) continue;
    words.push(name);
    left = left.filter((state) => !group.includes(state));
  }
  return [...words, ...left].join();
}
