import type { DefinitionField } from '../../core/model/definition.ts';
import { closeDialog, openDialog } from '../state/dialog.ts';
import type { State } from '../state/state.ts';
import type { EditedLine } from '../text/edit-line.ts';
import type { FieldPath } from './fields.ts';

/** What lies over a form and has the keys. */
export type FormPanel =
  /** The values that a field may have. */
  | { is: 'pick'; path: FieldPath; query: EditedLine; index: number }
  /** What storing changes, to be looked at before. */
  | { is: 'review'; top: number }
  /** Fields that somebody else changed, too: for each, whose value it is to be. */
  | { is: 'merge'; index: number; theirs: readonly DefinitionField[] }
  /** Asks before changes are thrown away. */
  | { is: 'leave' }
  /** The job is no longer there. */
  | { is: 'gone' }
  /** What a try of the configuration has brought. */
  | { is: 'test'; top: number }
  /** What came back from the editor is no job. */
  | { is: 'rejected'; jobId: string };

export function openPanel(state: State, panel: FormPanel): State {
  return openDialog(state, { kind: 'form', panel }).state;
}

export function closePanel(state: State): State {
  return state.dialog?.kind === 'form' ? closeDialog(state).state : state;
}
