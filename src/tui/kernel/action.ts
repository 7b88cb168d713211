import { textWidth } from '../ui/text/fit.ts';
import type { State, Step, ViewName } from './model.ts';
import { withNotice } from './notices.ts';
import { step } from './step.ts';

/** Where an action's keys count: everywhere, in a view, or in one pane of a view. */
export type Scope = 'everywhere' | ViewName | `${ViewName}/${'main' | 'side'}`;

export const GROUPS = [
  'Move',
  'Find',
  'Job',
  'Run',
  'Configuration',
  'Scheduler',
  'Marks',
  'View',
  'Program',
] as const;

export type Group = (typeof GROUPS)[number];

/** Something that a person can do. Keys, palette, help and footer are all made from the table of these. */
export interface Action {
  /** `jobs.run`: unique, the group of the keys first. */
  id: string;
  /** In the palette and in help, in the imperative: `Run the job now`. */
  title: string;
  group: Group;
  scope: Scope | readonly Scope[];
  /** Names of keys (`src/tui/ui/input.ts`), several of a chord with a space between: `j`, `ctrl+d`, `g g`. */
  keys: readonly string[];
  /** A word for the footer; without one it is not there. The footer shows the table's order, as much as fits. */
  footer?: string;
  /** A word for the footer while this is what one most likely wants to do now: it stands first there, whatever the room. */
  urgent?(state: State): string | undefined;
  /** It changes something in the home: not available with `--read-only`. */
  changes?: true;
  /** Whether it can be done now, or why not, as a sentence: `No job is selected.` */
  available?(state: State): true | string;
  perform(state: State): Step;
  /** The command that does the same, for those who would rather type it: `quickscrape job run news`. */
  command?(state: State): string | undefined;
}

/** Whether an action can be done now; if not, why. */
export function availability(action: Action, state: State): true | string {
  if (action.changes && state.readOnly) return 'The dashboard was opened with --read-only.';
  return action.available?.(state) ?? true;
}

export function scopesOf({ scope }: Action): readonly Scope[] {
  return typeof scope === 'string' ? [scope] : scope;
}

/** Does an action, or says why it cannot be done. */
export function performAction(state: State, action: Action): Step {
  const available = availability(action, state);
  if (available === true) return action.perform(state);
  return step(withNotice(state, 'warning', unavailableMessage(action.title, available, state.columns)));
}

/** The reason, and what it is the reason for where there is room for both. */
function unavailableMessage(title: string, reason: string, columns: number): string {
  const whole = `${title.split(/[:;(]/)[0]?.trim()}: ${reason}`;
  return textWidth(whole) <= columns ? whole : reason;
}
