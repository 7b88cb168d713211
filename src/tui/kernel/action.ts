import { displayWidth } from '../../core/lib/display-width.ts';
import { programCommand } from '../../core/lib/installation.ts';
import { shellQuote } from '../../core/process/shell.ts';
import type { State, Step, ViewName } from './model.ts';
import { NOT_AVAILABLE, withNotice } from './notices.ts';
import { step } from './step.ts';

/** Where an action's keys are active: everywhere, in a view, or in one pane of a view. */
export type Scope = 'everywhere' | ViewName | `${ViewName}/${'main' | 'side'}`;

export const GROUPS = [
  'Move',
  'Find',
  'Job',
  'Run',
  'Configuration',
  'Your own',
  'Scheduler',
  'Marks',
  'View',
  'Program',
] as const;

export type Group = (typeof GROUPS)[number];

/** An action of the user. Keys, palette, help and footer all come from the table of actions. */
export interface Action {
  /** `jobs.run`: unique, with the group of the keys first. */
  id: string;
  /** The imperative title for the palette and the help: `Run the job now`. */
  title: string;
  /** Other words by which the palette finds the action. */
  synonyms?: readonly string[];
  group: Group;
  scope: Scope | readonly Scope[];
  /** Names of keys (`src/tui/ui/input.ts`), with spaces between the keys of a chord: `j`, `ctrl+d`, `g g`. */
  keys: readonly string[];
  /**
   * The word in the footer; without one, the action is not shown there. The footer has the table's order, as far as it
   * fits.
   */
  footer?: string;
  /** Whether the footer offers it; default: always. The other states keep its key. */
  footerWhen?(state: State): boolean;
  /** In the footer, its word comes after those of all other actions. */
  footerLast?: true;
  /** A word for the footer while this is the most likely next action: it is then first there, at any width. */
  urgent?(state: State): string | undefined;
  /** The action changes something in the home: not available with `--read-only`. */
  changes?: true;
  /** Whether the action is available, or the reason as a sentence: `No job is selected.` */
  available?(state: State): true | string;
  perform(state: State): Step;
  /** The command that does the same, for users who prefer the command line: `quickscrape job run news`. */
  command?(state: State): string | undefined;
}

/** Whether an action is available; if not, the reason. */
export function availability(action: Action, state: State): true | string {
  if (action.changes && state.readOnly) return 'The dashboard was opened with --read-only.';
  return action.available?.(state) ?? true;
}

export function scopesOf({ scope }: Action): readonly Scope[] {
  return typeof scope === 'string' ? [scope] : scope;
}

/** Completes a command that is shown. A user who named the home has to name it there too. */
export function inNamedHome(command: string, { namedHome }: Pick<State, 'namedHome'>): string {
  const home = namedHome === undefined ? '' : ` --home ${shellQuote(namedHome)}`;
  const program = `${programCommand()}${home} `;
  return command.replaceAll('quickscrape ', () => program);
}

/** Runs an action, or adds a notice with the reason why it is not available. */
export function performAction(state: State, action: Action): Step {
  const available = availability(action, state);
  if (available === true) return action.perform(state);
  const text = unavailableMessage(action.title, available, state.columns);
  return step(withNotice(state, 'warning', text, NOT_AVAILABLE));
}

/** The reason; with the action's title if there is space for both. */
function unavailableMessage(title: string, reason: string, columns: number): string {
  const whole = `${title.split(/[:;(]/)[0]?.trim()}: ${reason}`;
  return displayWidth(whole) <= columns ? whole : reason;
}
