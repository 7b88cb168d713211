import type { TextSpan } from '../../look-row.ts';
import { cleanLine } from '../../text/clean.ts';
import { cellsOf, fitTo } from '../../text/fit.ts';
import { entryState, entryWords } from '../../undo/entry-words.ts';
import type { Entry } from '../../undo/journal.ts';
import { journalRows } from '../../undo/journal-dialog.ts';
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

function spansOf(_: readonly Entry[], cells: number): (entry: Entry) => readonly TextSpan[] {
  return (entry) => {
    const became = entryState(entry);
    const words = fitTo(cleanLine(entryWords(entry)), cells - cellsOf(became) - 1);
    return [
      { text: `${words} `, look: became === '' ? 'plain' : 'faint' },
      { text: became, look: 'warning' },
    ];
  };
}
