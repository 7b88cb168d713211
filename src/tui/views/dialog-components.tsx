import type { ComponentType } from 'react';
import { ConfirmDialog } from '../app/confirm-dialog.tsx';
import type { DialogProps } from '../app/define-feature.ts';
import { HelpDialog } from '../app/help-dialog.tsx';
import type { DialogKind, State } from '../app/model.ts';
import { PaletteDialog } from '../app/palette-dialog.tsx';
import { ActivityDialog } from '../features/activity/activity-dialog.tsx';
import { ResultsDialog } from '../features/batch/results-dialog.tsx';
import { TagsDialog } from '../features/batch/tags-dialog.tsx';
import { NewConfigDialog } from '../features/config-editor/new-config-dialog.tsx';
import { FormDialog } from '../features/job-form/panel-dialog.tsx';
import { SortDialog } from '../features/jobs/sort-dialog.tsx';
import { SchedulerDialog } from '../features/scheduler/scheduler-dialog.tsx';
import { JournalDialog } from '../features/undo/journal-dialog.tsx';
import type { Rect } from '../ui/layout.ts';

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
