import { happeningRows } from '../../happenings/happenings-dialog.ts';
import { authorWords } from '../../home/author-words.ts';
import type { Happening } from '../../home/home-data.ts';
import { overlaidRows } from '../../state/list-move.ts';
import { scrolledTo } from '../../state/scroll.ts';
import { cleanLine } from '../../text/clean.ts';
import { cellsOf, fitTo } from '../../text/fit.ts';
import type { LookName } from '../../theme.ts';
import { whenWords } from '../../time/clock-words.ts';
import { middleOf, Overlay, type OverlayLine } from '../parts/overlay.tsx';
import { textLine } from '../parts/overlay-lines.tsx';
import { Text } from '../parts/text.tsx';
import type { DialogProps } from './dialog-props.ts';

const LOOKS: Record<Happening['tone'], LookName> = { good: 'good', bad: 'bad', plain: 'plain' };
const TIME_CELLS = 10;
const MOST_ID_CELLS = 28;
const BY_CELLS = 14;
/** Below this width who it was stands behind what it was. */
const NARROW = 60;

export function HappeningsDialog({ state, dialog, body }: DialogProps<'happenings'>) {
  const rows = happeningRows(state);
  const height = Math.min(Math.max(1, rows.length), overlaidRows(state));
  const rect = middleOf(body, 110, height + 3);
  const inner = rect.columns - 4;
  const top = scrolledTo(dialog.index, 0, height, rows.length);
  const shown = rows.slice(top, top + height);
  const most = Math.min(MOST_ID_CELLS, Math.floor(inner * 0.35));
  const idCells = Math.min(most, Math.max(...shown.map(({ jobId }) => cellsOf(nameOf(jobId))), 4));
  const lines = shown.map(
    (row, at): OverlayLine => ({
      key: `${top + at}`,
      cells: inner,
      content: (
        <Row
          row={row}
          time={whenWords(row.at, state.now, state.timezone)}
          inner={inner}
          idCells={idCells}
          selected={top + at === dialog.index}
        />
      ),
    }),
  );
  const words =
    rows.length === 0 ? 'Nothing has happened yet.' : `${dialog.index + 1} of ${rows.length}, newest first`;
  return (
    <Overlay
      rect={rect}
      title="What has happened"
      lines={[textLine('head', words, 'faint', inner), ...lines]}
    />
  );
}

interface RowProps {
  row: Happening;
  time: string;
  inner: number;
  idCells: number;
  selected: boolean;
}

function Row({ row, time, inner, idCells, selected }: RowProps) {
  const over = selected ? 'selected' : undefined;
  const byCells = inner < NARROW ? 0 : BY_CELLS;
  const room = Math.max(0, inner - TIME_CELLS - idCells - 2 - byCells);
  return (
    <>
      <Text look="faint" over={over}>
        {fitTo(time, TIME_CELLS)}
      </Text>
      <Text over={over}>{`${fitTo(cleanLine(nameOf(row.jobId)), idCells)}  `}</Text>
      <Text look={LOOKS[row.tone]} over={over}>
        {fitTo(cleanLine(byCells > 0 ? row.text : withAuthor(row)), room)}
      </Text>
      <Text look="faint" over={over}>
        {fitTo(authorWords(row.by), byCells, 'right')}
      </Text>
    </>
  );
}

function withAuthor({ text, by }: Happening): string {
  const author = authorWords(by);
  return author === '' ? text : `${text} (${author})`;
}

function nameOf(jobId: string | null): string {
  return jobId ?? 'scheduler';
}
