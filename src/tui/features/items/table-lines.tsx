import { Box } from 'ink';
import { displayWidth, truncateToWidth } from '../../../core/lib/display-width.ts';
import { sanitizeText } from '../../../core/lib/sanitize-text.ts';
import { Field } from '../../ui/components/field.tsx';
import { Text, useTheme } from '../../ui/components/text.tsx';
import { fitTo } from '../../ui/text/fit.ts';
import type { Theme } from '../../ui/theme.ts';
import { formatNumber } from './describe-position.ts';
import { ITEM_COLUMN_GAP, type VisibleColumn } from './item-columns.ts';
import { promptProblem } from './item-prompt.ts';
import { cursorField } from './item-table.ts';
import { isByChange } from './joined-rows.ts';
import type { ItemPrompt, ItemsSlice } from './model.ts';
import { ITEM_MARK_CELLS } from './reducer.ts';
import { writeLabel } from './write-items.ts';

interface ColumnTitlesProps {
  slice: ItemsSlice;
  columns: readonly VisibleColumn[];
}

/** The titles of the columns: the sign of the order, and how many of the items have a value. */
export function ColumnTitles({ slice, columns }: ColumnTitlesProps) {
  const theme = useTheme();
  const field = cursorField(slice);
  return (
    <Box height={1} flexShrink={0}>
      <Text style="heading">{' '.repeat(ITEM_MARK_CELLS)}</Text>
      {columns.map((column, index) => (
        <Box key={column.field} flexShrink={0}>
          <Text style="heading">{' '.repeat(index === 0 ? 0 : ITEM_COLUMN_GAP)}</Text>
          <Text style={column.field === field ? 'found' : 'heading'}>
            {fitTo(titleOf(slice, column, theme), column.cells, column.align)}
          </Text>
        </Box>
      ))}
    </Box>
  );
}

/** `price▼ 98 %`, and by how much it changed `price~▼`; without what does not fit. */
function titleOf(slice: ItemsSlice, { field, cells }: VisibleColumn, theme: Theme): string {
  const { table, total = 0 } = slice;
  const { sort, figures } = table;
  const byChange = isByChange(slice, field);
  const isSorted = sort?.field === field || byChange;
  const sign = isSorted ? `${byChange ? '~' : ''}${theme.sign(sort?.descending ? 'down' : 'up')}` : '';
  const spoken = `${byChange ? ', by its change' : ''}, ${sort?.descending ? 'descending' : 'ascending'}`;
  const words = isSorted && theme.screenReader ? spoken : sign;
  const title = sanitizeText(field);
  const room = cells - displayWidth(words);
  const sorted = `${displayWidth(title) > room ? truncateToWidth(title, room) : title}${words}`;
  const filled = figures?.get(field)?.filled;
  if (filled === undefined || total === 0) return sorted;
  const withShare = `${sorted} ${formatShare(filled, total)}`;
  return displayWidth(withShare) <= cells ? withShare : sorted;
}

/** A share is 0 or 100 per cent only if it is exactly that. */
function formatShare(part: number, whole: number): string {
  const percent = Math.round((100 * part) / whole);
  if (part > 0 && percent === 0) return '<1 %';
  return `${part < whole ? Math.min(99, percent) : 100} %`;
}

const PROMPTS: Readonly<
  Record<ItemPrompt['what'], { label: string | ((slice: ItemsSlice) => string); placeholder: string }>
> = {
  filter: { label: 'Filter: ', placeholder: 'price>20 title:lantern !stock:none' },
  find: { label: 'Search: ', placeholder: 'a text in any column' },
  number: { label: 'Go to item: ', placeholder: 'its number' },
  write: { label: writeLabel, placeholder: 'a file: .csv .json .jsonl .xlsx .sqlite' },
};

/** What is typed, with what is wrong in it; else the figures of the column under the cursor. */
export function ItemsFoot({ slice, columns }: { slice: ItemsSlice; columns: number }) {
  const { prompt, table } = slice;
  if (prompt === undefined)
    return (
      <Box height={1} flexShrink={0}>
        <Text style="faint">{truncateToWidth(describeColumn(slice), columns)}</Text>
      </Box>
    );
  const { label: labelOf, placeholder } = PROMPTS[prompt.what];
  const label = typeof labelOf === 'string' ? labelOf : labelOf(slice);
  const problem = promptProblem(prompt, table);
  const said = problem === '' ? '' : `  ${sanitizeText(problem)}`;
  const room = Math.max(10, columns - label.length - Math.min(displayWidth(said), Math.floor(columns / 2)));
  return (
    <Box height={1} flexShrink={0}>
      <Text style="key">{label}</Text>
      <Field line={prompt.line} columns={room} placeholder={placeholder} />
      <Text style="warning">{truncateToWidth(said, Math.max(0, columns - label.length - room))}</Text>
    </Box>
  );
}

/** `price: 118 of 120 have a value · sum 3,204.5 · lowest 3.5 · mean 27.2 · highest 103` */
function describeColumn(slice: ItemsSlice): string {
  const { table, total = 0 } = slice;
  const field = cursorField(slice);
  const figures = field === undefined ? undefined : table.figures?.get(field);
  if (field === undefined || total === 0) return '';
  const title = sanitizeText(field);
  if (figures === undefined) return table.figures?.size === 0 ? `${title}: counting…` : `${title}: no value`;
  const { filled, numbers, sum, min, max } = figures;
  const has = `${title}: ${formatNumber(filled)} of ${formatNumber(total)} have a value`;
  const changed = describeChanges(slice, field);
  if (numbers === 0) return `${has}${changed}`;
  const some = numbers < filled ? ` · ${formatNumber(numbers)} are numbers` : '';
  const parts = [
    `sum ${formatNumber(sum)}`,
    `lowest ${formatNumber(min)}`,
    `mean ${formatNumber(sum / numbers)}`,
    `highest ${formatNumber(max)}`,
  ];
  return `${has}${some}${changed} · ${parts.join(' · ')}`;
}

/** ` · 12 changed, by -5 to +3`, of a column of two runs side by side. */
function describeChanges({ joined, table }: ItemsSlice, field: string): string {
  if (joined === undefined) return '';
  const { before, change } = joined.names;
  const [moved, changed] = [table.figures?.get(change + field), table.figures?.get(before + field)];
  const count = Math.max(moved?.numbers ?? 0, changed?.filled ?? 0);
  if (count === 0) return '';
  const by =
    moved === undefined || moved.numbers === 0
      ? ''
      : `, by ${formatSigned(moved.min)} to ${formatSigned(moved.max)}`;
  return ` · ${formatNumber(count)} changed${by}`;
}

function formatSigned(number: number): string {
  return `${number > 0 ? '+' : ''}${formatNumber(number)}`;
}
