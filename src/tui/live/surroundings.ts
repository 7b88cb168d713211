import type { Workspace } from '../../core/workspace.ts';
import type { Keyboard } from '../input/listen.ts';
import type { Event } from '../state/event.ts';
import type { Screen } from '../terminal/screen.ts';
import type { LiveHome } from './live-home.ts';

/** What effects are carried out with. */
export interface Surroundings {
  workspace: Workspace;
  screen: Screen;
  keyboard: Keyboard;
  /** Tells the dashboard what has come of it. */
  send(event: Event): void;
  quit(exitCode: number): void;
  /** The home as it is watched; `undefined` until it was read. */
  live(): LiveHome | undefined;
}
