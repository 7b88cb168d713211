import type { JobStateWord } from '../jobs/job-states.ts';
import { parseFilter } from './parse-filter.ts';

/**
 * The text of a filter with a state put into its `state:` term, or taken out of it: what the toggles of the header do.
 * The rest of the text stays as it was typed.
 */
export function toggleState(text: string, state: JobStateWord): string {
  const term = parseFilter(text).terms.find(({ kind, negated }) => kind === 'state' && !negated);
  if (term === undefined || term.kind !== 'state') return `${text.trimEnd()} state:${state}`.trimStart();
  const states = term.states.includes(state)
    ? term.states.filter((each) => each !== state)
    : [...term.states, state];
  const after = text.slice(term.to);
  if (states.length > 0) return `${text.slice(0, term.from)}state:${states.join()}${after}`;
  return (text.slice(0, term.from) + after.trimStart()).trimEnd();
}

/** The states that a filter's first `state:` term lets through; none when it has no such term. */
export function toggledStates(text: string): readonly JobStateWord[] {
  const term = parseFilter(text).terms.find(({ kind, negated }) => kind === 'state' && !negated);
  return term?.kind === 'state' ? term.states : [];
}
