import type { Input } from '../input/input.ts';
import type { State } from './state.ts';
import { type Step, step } from './step.ts';
import type { Subscription } from './subscription.ts';

/** The views and what each is opened with; what it remembers beyond that is a field of the state. */
export interface ViewParams {
  jobs: object;
  runs: { jobId: string };
  /** `since`: the job's newest run is shown, which began then or was queued; one that begins later takes its place. */
  log: { jobId: string; runId: string; since?: number };
  items: { jobId: string; runId: string };
  timeline: object;
  /** A job's form; what is in it is in the state's `form`. */
  form: object;
  configs: object;
  /** What was deleted. */
  trash: object;
  /** A configuration that is worked on: the state's `configs.bench`. */
  config: object;
}

export type ViewName = keyof ViewParams;

export type View = { [N in ViewName]: { name: N } & ViewParams[N] }[ViewName];

/** How a view behaves; how it looks is in `src/tui/views/view-components.tsx`. */
export interface ViewRules {
  /** For the header, such as `Jobs` or the job's id. */
  title(state: State): string;
  /** It has a second pane, beside or below the first. */
  hasSide: boolean;
  /** From so many columns on the second pane is beside the first, where that is not as with the other views. */
  wideFrom?: number;
  /** Tab moves within the first pane, and the second is only looked at. */
  ownsTab?: true;
  /**
   * Takes an input before the actions do, such as letters into a field or a click; `undefined` leaves it to them. All
   * text goes through here while the view is being typed into.
   */
  onInput?(state: State, input: Input): Step | undefined;
  /** Goes back in place of {@link closeView}, for a view that has something to lose. */
  onLeave?(state: State): Step;
  /** Text goes into a field: actions are reached by those of their keys that write nothing. */
  isTyping?(state: State): boolean;
  /** What is to be looked after while the view is shown, such as the log that it follows. */
  subscriptions?(state: State): readonly Subscription[];
}

export function currentView(state: State): View {
  const view = state.views.at(-1);
  if (view === undefined) throw new TypeError('no view is open');
  return view;
}

/** Opens a view over the present one. */
export function openView(state: State, view: View): Step {
  return step({ ...state, views: [...state.views, view], pane: 'main', dialog: undefined, chord: [] });
}

/** Goes back to the view below; the first one stays. */
export function closeView(state: State): Step {
  if (state.views.length < 2) return step(state);
  return step({ ...state, views: state.views.slice(0, -1), pane: 'main', chord: [] });
}
