import type { Rect } from '../../layout.ts';
import type { State } from '../../state/state.ts';

/** What a pane is drawn from. It fills its rectangle and nothing else. */
export interface PaneProps {
  state: State;
  rect: Rect;
  /** It has the keys. */
  focused: boolean;
}
