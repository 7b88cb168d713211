import { displayWidth } from '../../../core/lib/display-width.ts';
import { sanitizeText } from '../../../core/lib/sanitize-text.ts';
import { type HistoryContent, HistoryList, historyBox, inputToList } from '../../kernel/history-list.tsx';
import type { DialogOf, State } from '../../kernel/model.ts';
import { withNotice } from '../../kernel/notices.ts';
import { step } from '../../kernel/step.ts';
import { rowInBox } from '../../ui/components/overlay.tsx';
import type { TextSpan } from '../../ui/styled-row.ts';
import { fitTo } from '../../ui/text/fit.ts';
import type { DialogProps, DialogRules } from '../define-feature.ts';
import { describeEntry, describeEntryState, pendingChanges } from './journal.ts';
import type { JournalEntry } from './model.ts';
import { startUndo } from './start-undo.ts';

/** The entries as listed, newest first. */
function journalRows({ journal }: State): readonly JournalEntry[] {
  return [...journal.entries].reverse();
}

/** Enter undoes the chosen entry, or redoes it when it was undone. */
export const journalRules: DialogRules<'journal'> = {
  onInput: (state, dialog, input) =>
    inputToList(state, dialog, input, { rows: journalRows(state), take: toggleEntry }),
  rowAt: (state, dialog, click, body) =>
    rowInBox(historyBox(state, journalContent(state, dialog), body), click),
};

function toggleEntry(state: State, entry: JournalEntry) {
  if (state.readOnly) return step(withNotice(state, 'warning', 'The dashboard was opened with --read-only.'));
  const standing = entry.changes.filter(({ state: each }) => each === 'done' || each === 'kept');
  if (standing.length > 0) return startUndo(state, entry, standing, 'undo');
  const undone = pendingChanges(entry, 'redo');
  if (undone.length > 0) return startUndo(state, entry, undone, 'redo');
  return step(withNotice(state, 'warning', 'It was undone, and something else was done since.'));
}

export function JournalDialog({ state, dialog, body }: DialogProps<'journal'>) {
  return <HistoryList state={state} body={body} content={journalContent(state, dialog)} />;
}

function journalContent(state: State, dialog: DialogOf<'journal'>): HistoryContent<JournalEntry> {
  const rows = journalRows(state);
  const chosen = rows[dialog.index];
  const reason = chosen?.changes.find((change) => change.reason !== null);
  const head =
    chosen === undefined
      ? 'Changes made in this dashboard. None yet: edit a job (e), and u or Enter here undoes it.'
      : reason === undefined
        ? `${dialog.index + 1} of ${rows.length}`
        : `${reason.jobId}: ${reason.reason}`;
  return {
    title: 'Changes made here',
    head,
    rows,
    index: dialog.index,
    columns: 100,
    widest: widestOf(rows),
    spansOf,
  };
}

/** What the longest entry needs, with what became of it. */
function widestOf(rows: readonly JournalEntry[]): number {
  return rows.reduce((most, row) => {
    const text = sanitizeText(describeEntry(row));
    return Math.max(most, displayWidth(text) + 1 + displayWidth(describeEntryState(row)));
  }, 0);
}

function spansOf(_: readonly JournalEntry[], cells: number): (entry: JournalEntry) => readonly TextSpan[] {
  return (entry) => {
    const became = describeEntryState(entry);
    const text = fitTo(sanitizeText(describeEntry(entry)), cells - displayWidth(became) - 1);
    return [
      { text: `${text} `, style: became === '' ? 'plain' : 'faint' },
      { text: became, style: 'warning' },
    ];
  };
}
