import { type JobDisplayState, STATE_ALIASES } from '../../../home/job-states.ts';
import { parseFilter } from './parse-filter.ts';

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
  const isThere = states.every((state) => term.states.includes(state));
  const next = isThere ? others : [...others, ...states];
  const after = text.slice(term.to);
  if (next.length > 0) return `${text.slice(0, term.from)}state:${wordsOf(next)}${after}`;
  return (text.slice(0, term.from) + after.trimStart()).trimEnd();
}

/** The states in a filter's first `state:` term; empty when it has no such term. */
export function toggledStates(text: string): readonly JobDisplayState[] {
  return stateTerm(text)?.states ?? [];
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
