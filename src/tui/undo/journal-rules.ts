import type { DialogRules } from '../state/dialog.ts';
import { inputToList } from '../state/input-to-list.ts';
import { withNotice } from '../state/notices.ts';
import type { State } from '../state/state.ts';
import { step } from '../state/step.ts';
import { type JournalEntry, pendingChanges } from './journal.ts';
import { startUndo } from './start-undo.ts';

/** The entries as they are listed: the newest first. */
export function journalRows({ journal }: State): readonly JournalEntry[] {
  return [...journal.entries].reverse();
}

/** Enter takes the chosen entry back, or does it again when it was taken back. */
export const journalRules: DialogRules<'journal'> = {
  onInput: (state, dialog, input) =>
    inputToList(state, dialog, input, { rows: journalRows(state), take: toggleEntry }),
};

function toggleEntry(state: State, entry: JournalEntry) {
  if (state.readOnly) return step(withNotice(state, 'warning', 'The dashboard was opened with --read-only.'));
  const standing = entry.changes.filter(({ state: each }) => each === 'done' || each === 'kept');
  if (standing.length > 0) return startUndo(state, entry, standing, 'undo');
  const undone = pendingChanges(entry, 'redo');
  if (undone.length > 0) return startUndo(state, entry, undone, 'redo');
  return step(withNotice(state, 'warning', 'It was undone, and something else was done since.'));
}
