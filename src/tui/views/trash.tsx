import { Box } from 'ink';
import { countWords } from '../../core/count-words.ts';
import { authorWords } from '../home/author-words.ts';
import { cleanLine } from '../text/clean.ts';
import { cut, fitTo } from '../text/fit.ts';
import { whenWords } from '../time/clock-words.ts';
import { dateWords } from '../time/date-words.ts';
import type { TrashRow } from '../trash/trash-row.ts';
import { allTrash, listedTrash, selectedTrash, trashHeight, whyNotRestored } from '../trash/trash-view.ts';
import { FilterLine, isFiltered } from './parts/filter-line.tsx';
import type { PaneProps } from './parts/pane.ts';
import { Text } from './parts/text.tsx';
import { useTheme } from './parts/theme-context.ts';

const KIND_CELLS = 8;
const TIME_CELLS = 10;
const BY_CELLS = 12;
const MOST_ID_CELLS = 32;
const KINDS: Record<TrashRow['kind'], string> = { job: 'job', config: 'config' };

/** What was deleted, the latest first, and below what is to be said of the selected one. */
export function Trash({ state, rect }: PaneProps) {
  const rows = listedTrash(state);
  const { top, index, filter } = state.trash;
  const all = allTrash(state).length;
  const height = trashHeight(state);
  const idCells = Math.min(MOST_ID_CELLS, Math.floor(rect.columns * 0.35));
  const line = (kind: string, id: string, time: string, by: string, about: string) =>
    fitTo(
      fitTo(kind, KIND_CELLS) +
        fitTo(id, idCells) +
        '  ' +
        fitTo(time, TIME_CELLS) +
        fitTo(by, BY_CELLS) +
        about,
      rect.columns - 2,
    );
  return (
    <Box flexDirection="column" width={rect.columns} height={rect.rows} overflowY="hidden">
      <Box height={1} flexShrink={0}>
        {isFiltered(filter) ? (
          <FilterLine filter={filter} listed={rows.length} all={all} columns={rect.columns} />
        ) : (
          <Text look="heading">{`  ${line('WHAT', 'NAME', 'DELETED', 'BY', 'ABOUT')}`}</Text>
        )}
      </Box>
      <Box flexDirection="column" height={height} flexShrink={0} overflowY="hidden">
        {rows.length === 0 && <Text look="faint">{noneWords(state, all)}</Text>}
        {rows.slice(top, top + height).map((row, at) => (
          <Row
            key={row.file}
            selected={top + at === index}
            text={line(
              KINDS[row.kind],
              cleanLine(row.id),
              whenWords(row.deletedAt, state.now, state.timezone),
              authorWords(row.by),
              cleanLine(row.about),
            )}
          />
        ))}
      </Box>
      {belowWords(state, rows.length).map((words, at) => (
        <Box key={words} height={1} flexShrink={0}>
          <Text look={at === 0 ? 'plain' : 'faint'}>{cut(cleanLine(words), rect.columns)}</Text>
        </Box>
      ))}
    </Box>
  );
}

function noneWords(state: PaneProps['state'], all: number): string {
  if (state.trash.rows === undefined) return 'Reading the trash…';
  return all === 0 ? 'Nothing was deleted.' : 'Nothing of it has these words; Esc lists all.';
}

function Row({ text, selected }: { text: string; selected: boolean }) {
  const theme = useTheme();
  const over = selected ? 'selected' : undefined;
  return (
    <Box height={1} flexShrink={0}>
      <Text over={over}>{`${selected ? theme.sign('pointer') : ' '} ${text}`}</Text>
    </Box>
  );
}

function belowWords(state: PaneProps['state'], count: number): readonly string[] {
  const row = selectedTrash(state);
  if (row === undefined) return [];
  const by = authorWords(row.by);
  const when = dateWords(row.deletedAt, state.now, state.timezone).replace(/ {2,}/g, ' ');
  const who = by === '' ? '' : ` by ${by}`;
  const words = `${row.id}, deleted ${when}${who}${row.about === '' ? '' : `: ${row.about}`}`;
  const note = whyNotRestored(state) ?? 'Enter brings it back.';
  return [words, `${state.trash.index + 1} of ${countWords(count, 'entry', 'entries')}. ${note}`];
}
