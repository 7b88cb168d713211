import { overlaidRows } from '../../state/list-move.ts';
import { scrolledTo } from '../../state/scroll.ts';
import { cleanLine } from '../../text/clean.ts';
import { cellsOf, fitTo } from '../../text/fit.ts';
import { whenWords } from '../../time/clock-words.ts';
import { entryState, entryWords } from '../../undo/entry-words.ts';
import type { Entry } from '../../undo/journal.ts';
import { journalRows } from '../../undo/journal-dialog.ts';
import { middleOf, Overlay, type OverlayLine } from '../parts/overlay.tsx';
import { textLine } from '../parts/overlay-lines.tsx';
import { Text } from '../parts/text.tsx';
import type { DialogProps } from './dialog-props.ts';

const TIME_CELLS = 10;

export function JournalDialog({ state, dialog, body }: DialogProps<'journal'>) {
  const rows = journalRows(state);
  const height = Math.min(Math.max(1, rows.length), overlaidRows(state));
  const rect = middleOf(body, 100, height + 3);
  const inner = rect.columns - 4;
  const top = scrolledTo(dialog.index, 0, height, rows.length);
  const lines = rows.slice(top, top + height).map(
    (entry, at): OverlayLine => ({
      key: String(entry.id),
      cells: inner,
      content: (
        <Row
          entry={entry}
          time={whenWords(entry.at, state.now, state.timezone)}
          inner={inner}
          selected={top + at === dialog.index}
        />
      ),
    }),
  );
  const chosen = rows[dialog.index];
  const reason = chosen?.changes.find((change) => change.reason !== null);
  const words =
    chosen === undefined
      ? 'Nothing was changed from here yet.'
      : reason === undefined
        ? `${dialog.index + 1} of ${rows.length}`
        : `${reason.jobId}: ${reason.reason}`;
  return (
    <Overlay
      rect={rect}
      title="Changed from here"
      lines={[textLine('head', words, 'faint', inner), ...lines]}
    />
  );
}

function Row({
  entry,
  time,
  inner,
  selected,
}: {
  entry: Entry;
  time: string;
  inner: number;
  selected: boolean;
}) {
  const over = selected ? 'selected' : undefined;
  const state = entryState(entry);
  const room = inner - TIME_CELLS - cellsOf(state) - 1;
  return (
    <>
      <Text look="faint" over={over}>
        {fitTo(time, TIME_CELLS)}
      </Text>
      <Text look={state === '' ? 'plain' : 'faint'} over={over}>
        {`${fitTo(cleanLine(entryWords(entry)), room)} `}
      </Text>
      <Text look="warning" over={over}>
        {state}
      </Text>
    </>
  );
}
