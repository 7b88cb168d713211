import type { Input } from '../ui/input.ts';
import type { Rect } from '../ui/layout.ts';
import type { DialogKind, DialogOf, State, Step, Subscription } from './model.ts';

/** What a dialog is drawn from; it lies somewhere within the body. */
export interface DialogProps<K extends DialogKind> {
  state: State;
  dialog: DialogOf<K>;
  body: Rect;
}

/** What a pane is drawn from. It fills its rectangle and nothing else. */
export interface PaneProps {
  state: State;
  rect: Rect;
  /** It has the keys. */
  focused: boolean;
}

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

/** How a dialog behaves; how it looks is in `src/tui/views/dialog-components.tsx`. */
export interface DialogRules<K extends DialogKind> {
  onInput(state: State, dialog: DialogOf<K>, input: Input): Step;
}
