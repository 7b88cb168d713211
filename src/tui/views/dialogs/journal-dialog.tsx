import type { TextSpan } from '../../styled-row.ts';
import { cleanLine } from '../../text/clean.ts';
import { fitTo, textWidth } from '../../text/fit.ts';
import { describeEntry, describeEntryState } from '../../undo/describe-journal-entry.ts';
import type { JournalEntry } from '../../undo/journal.ts';
import { journalRows } from '../../undo/journal-rules.ts';
import { HistoryList } from '../parts/history-list.tsx';
import type { DialogProps } from './dialog-props.ts';

export function JournalDialog({ state, dialog, body }: DialogProps<'journal'>) {
  const rows = journalRows(state);
  const chosen = rows[dialog.index];
  const reason = chosen?.changes.find((change) => change.reason !== null);
  const head =
    chosen === undefined
      ? 'Nothing was changed from here yet.'
      : reason === undefined
        ? `${dialog.index + 1} of ${rows.length}`
        : `${reason.jobId}: ${reason.reason}`;
  return (
    <HistoryList
      {...{ state, body, head, rows, spansOf }}
      title="Changed from here"
      index={dialog.index}
      columns={100}
    />
  );
}

function spansOf(_: readonly JournalEntry[], cells: number): (entry: JournalEntry) => readonly TextSpan[] {
  return (entry) => {
    const became = describeEntryState(entry);
    const text = fitTo(cleanLine(describeEntry(entry)), cells - textWidth(became) - 1);
    return [
      { text: `${text} `, style: became === '' ? 'plain' : 'faint' },
      { text: became, style: 'warning' },
    ];
  };
}
