import { Box } from 'ink';
import { displayWidth, truncateToWidth } from '../../../core/lib/display-width.ts';
import { sanitizeText } from '../../../core/lib/sanitize-text.ts';
import { pluralize } from '../../../core/lib/text.ts';
import { describeAuthor } from '../../home/home-data.ts';
import { FilterLine, isFiltered } from '../../ui/components/field.tsx';
import { SpokenList } from '../../ui/components/spoken-list.tsx';
import { Text, useTheme } from '../../ui/components/text.tsx';
import { CLOCK_TIME_CELLS, formatClockTime, formatDateTime } from '../../ui/format.ts';
import { describeHidden } from '../../ui/scroll.ts';
import type { TextSpan } from '../../ui/styled-row.ts';
import { fitTo, wrapText } from '../../ui/text/fit.ts';
import { TextRows } from '../config-editor/view.tsx';
import type { PaneProps } from '../define-feature.ts';
import {
  describeRestoreObstacle,
  isEarlierVersion,
  listedTrashRows,
  selectedTrash,
  trashHeight,
  trashRows,
  trashTextHeight,
  trashTextRows,
} from './reducer.ts';

const KIND_CELLS = 8;
const TIME_CELLS = CLOCK_TIME_CELLS + 1;
const BY_CELLS = 12;
const MAX_ID_CELLS = 32;
/** The width of the title, NAME. */
const MIN_ID_CELLS = 4;

/** The trash, latest first, with a description of the selected entry below. */
export function Trash({ state, rect }: PaneProps) {
  const rows = listedTrashRows(state);
  const { top, index, filter } = state.trash;
  const all = trashRows(state).length;
  const height = trashHeight(state);
  const { screenReader, sign } = useTheme();
  const widest = Math.max(MIN_ID_CELLS, ...rows.map(({ id }) => displayWidth(sanitizeText(id))));
  const idCells = Math.min(widest, MAX_ID_CELLS, Math.floor(rect.columns * 0.35));
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
          <Text style="heading">{`  ${line('WHAT', 'NAME', 'WHEN', 'BY', 'ABOUT')}`}</Text>
        )}
      </Box>
      <Box flexDirection="column" height={height} flexShrink={0} overflowY="hidden">
        {rows.length === 0 &&
          wrapText(describeEmptyTrash(state, all), rect.columns).map((text) => (
            <Text key={text} style="faint">
              {text}
            </Text>
          ))}
        {screenReader && rows.length > 0 && (
          <SpokenList
            texts={rows.slice(top, top + height).map((row, at) => {
              const by = describeAuthor(row.by);
              const parts = [
                `${isEarlierVersion(state, row) ? 'version' : row.kind} ${row.id}`,
                formatClockTime(row.deletedAt, state.now, state.timezone),
                by === '' ? '' : `by ${by}`,
                row.about,
              ];
              return `${top + at === index ? sign('pointer') : ''}${parts.filter((part) => part !== '').join(', ')}`;
            })}
            selected={index - top}
            columns={rect.columns}
            rows={height}
            beyond={Math.max(0, rows.length - top - height)}
          />
        )}
        {(screenReader ? [] : rows.slice(top, top + height)).map((row, at) => (
          <Row
            key={row.file}
            selected={top + at === index}
            text={line(
              isEarlierVersion(state, row) ? 'version' : row.kind,
              sanitizeText(row.id),
              formatClockTime(row.deletedAt, state.now, state.timezone),
              describeAuthor(row.by),
              sanitizeText(row.about),
            )}
          />
        ))}
      </Box>
      {belowList(state, rect.rows - height - 1, rect.columns).map(({ text, style }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row of the screen is its number
        <Box key={at} height={1} flexShrink={0}>
          <Text style={style}>{truncateToWidth(text, rect.columns)}</Text>
        </Box>
      ))}
    </Box>
  );
}

function describeEmptyTrash(state: PaneProps['state'], all: number): string {
  if (state.trash.rows === undefined) return 'Reading the trash…';
  if (all > 0) return 'No entry matches; Esc lists all.';
  const days = state.home?.settings.values.trash_days;
  const kept = days === undefined ? '' : ` for ${pluralize(days, 'day')}`;
  return `Deleted jobs and configurations stay here${kept}. The trash is empty; d in a list deletes.`;
}

function Row({ text, selected }: { text: string; selected: boolean }) {
  const theme = useTheme();
  const over = selected ? 'selected' : undefined;
  return (
    <Box height={1} flexShrink={0}>
      <Text style="pointer" over={over}>
        {selected ? theme.sign('pointer') : ' '}
      </Text>
      <Text over={over}>{` ${text}`}</Text>
    </Box>
  );
}

/** The whole description of the selected entry in all lines but the last, which says what Enter does. */
function belowList(state: PaneProps['state'], lines: number, columns: number): readonly TextSpan[] {
  const [description, note] = describeSelection(state, listedTrashRows(state).length);
  if (description === undefined || note === undefined) return [];
  const wrapped = wrapText(description, columns);
  const last = Math.max(0, lines - 2);
  const shown = [...wrapped.slice(0, last), wrapped.slice(last).join(' ')];
  const texts = shown.filter((text) => text !== '').map((text) => ({ text, style: 'plain' as const }));
  return [...texts, { text: note, style: 'faint' }];
}

function describeSelection(state: PaneProps['state'], count: number): readonly string[] {
  const row = selectedTrash(state);
  if (row === undefined) return [];
  const by = describeAuthor(row.by);
  const when = formatDateTime(row.deletedAt, state.now, state.timezone);
  const who = by === '' ? '' : ` by ${by}`;
  const description = `${row.id}, ${isEarlierVersion(state, row) ? 'replaced' : 'deleted'} ${when}${who}${row.about === '' ? '' : `: ${row.about}`}`;
  const note = describeRestoreObstacle(state) ?? 'Enter restores it.';
  return [description, `${state.trash.index + 1} of ${pluralize(count, 'entry', 'entries')}. ${note}`];
}

/** The text of the selected entry, beside the list: the file of a job, or a configuration. */
export function TrashEntry({ state, rect, focused }: PaneProps) {
  const theme = useTheme();
  const row = selectedTrash(state);
  // Without any entry, the list says why.
  if (row === undefined) return <Text> </Text>;
  const { text, textTop, selected } = state.trash;
  const own = text?.file === selected ? text : undefined;
  const rows = trashTextRows(state, rect.columns);
  const shown = rows.slice(textTop, textTop + trashTextHeight(state));
  const hidden = describeHidden({ top: textTop, height: shown.length, count: rows.length }, theme);
  const title = [row.id, hidden].filter((part) => part !== '').join('  ');
  return (
    <Box flexDirection="column" width={rect.columns} height={rect.rows} overflow="hidden">
      <Box flexShrink={0} height={1}>
        <Text style={focused ? 'key' : 'heading'}>{truncateToWidth(title, rect.columns)}</Text>
      </Box>
      {own === undefined && <Text style="faint">Reading the text…</Text>}
      {own?.problem !== undefined && <Text style="bad">{truncateToWidth(own.problem, rect.columns)}</Text>}
      {own?.problem === undefined && <TextRows rows={shown} columns={rect.columns} />}
    </Box>
  );
}
