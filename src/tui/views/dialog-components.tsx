import type { ComponentType } from 'react';
import type { Rect } from '../layout.ts';
import type { DialogKind } from '../state/dialog.ts';
import type { State } from '../state/state.ts';
import { ActivityDialog } from './dialogs/activity-dialog.tsx';
import { ConfirmDialog } from './dialogs/confirm-dialog.tsx';
import type { DialogProps } from './dialogs/dialog-props.ts';
import { HelpDialog } from './dialogs/help-dialog.tsx';
import { JournalDialog } from './dialogs/journal-dialog.tsx';
import { NewConfigDialog } from './dialogs/new-config-dialog.tsx';
import { PaletteDialog } from './dialogs/palette-dialog.tsx';
import { ResultsDialog } from './dialogs/results-dialog.tsx';
import { SchedulerDialog } from './dialogs/scheduler-dialog.tsx';
import { SortDialog } from './dialogs/sort-dialog.tsx';
import { TagsDialog } from './dialogs/tags-dialog.tsx';
import { FormDialog } from './form/form-dialog.tsx';

/** What draws each dialog. */
const DIALOG_COMPONENTS: { readonly [K in DialogKind]: ComponentType<DialogProps<K>> } = {
  confirm: ConfirmDialog,
  activity: ActivityDialog,
  form: FormDialog,
  help: HelpDialog,
  journal: JournalDialog,
  new_config: NewConfigDialog,
  palette: PaletteDialog,
  sort: SortDialog,
  results: ResultsDialog,
  scheduler: SchedulerDialog,
  tags: TagsDialog,
};

/** The dialog that is open, if one is. */
export function OpenDialog({ state, body }: { state: State; body: Rect }) {
  const { dialog } = state;
  if (dialog === undefined) return null;
  const Component = DIALOG_COMPONENTS[dialog.kind] as ComponentType<DialogProps<DialogKind>>;
  return <Component state={state} dialog={dialog} body={body} />;
}
