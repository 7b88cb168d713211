import type { Workspace } from '../../core/workspace.ts';
import type { Keyboard } from '../input/listen.ts';
import type { PreferenceFile } from '../preferences/preference-file.ts';
import type { Event } from '../state/event.ts';
import type { Screen } from '../terminal/screen.ts';
import type { LiveHome } from './live-home.ts';

/** What effects are carried out with, and watches kept. */
export interface EffectContext {
  readonly workspace: Workspace;
  readonly screen: Screen;
  readonly keyboard: Keyboard;
  readonly preferences: PreferenceFile;
  /** `--read-only` */
  readonly readOnly: boolean;
  /** The home as it is watched; `undefined` while it is not. */
  live: LiveHome | undefined;
  /** Tells the dashboard what has come of it. */
  readonly send: (event: Event) => void;
  readonly quit: (exitCode: number) => void;
  /** Ends the dashboard with an error that nothing can be done about. */
  readonly fail: (error: unknown) => void;
}
