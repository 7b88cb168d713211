import type { Rect } from '../../layout.ts';
import type { DialogKind, DialogOf } from '../../state/dialog.ts';
import type { State } from '../../state/state.ts';

/** What a dialog is drawn from; it lies somewhere within the body. */
export interface DialogProps<K extends DialogKind> {
  state: State;
  dialog: DialogOf<K>;
  body: Rect;
}
