import { Box } from 'ink';
import { displayWidth, truncateToWidth } from '../../../core/lib/display-width.ts';
import { sanitizeText } from '../../../core/lib/sanitize-text.ts';
import { pluralize } from '../../../core/lib/text.ts';
import { Field } from '../../ui/components/field.tsx';
import { Text, useTheme } from '../../ui/components/text.tsx';
import { fitTo } from '../../ui/text/fit.ts';
import type { Theme } from '../../ui/theme.ts';
import { ITEM_COLUMN_GAP, type VisibleColumn } from './item-columns.ts';
import { promptProblem } from './item-prompt.ts';
import { cursorField } from './item-table.ts';
import type { ItemChanges, ItemPrompt, ItemsSlice, ItemsState } from './model.ts';
import { ITEM_MARK_CELLS } from './reducer.ts';
import { writeLabel } from './write-items.ts';

interface ColumnTitlesProps {
  slice: ItemsSlice;
  columns: readonly VisibleColumn[];
}

/** The titles of the columns: the sign of the order, and how many of the items have a value. */
export function ColumnTitles({ slice, columns }: ColumnTitlesProps) {
  const theme = useTheme();
  const field = slice.mode === 'items' ? cursorField(slice) : undefined;
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

/** `price▼ 98 %`; without what does not fit. */
function titleOf(
  { table, total = 0, mode }: ItemsSlice,
  { field, cells }: VisibleColumn,
  theme: Theme,
): string {
  const { sort, figures } = table;
  const isSorted = mode === 'items' && sort?.field === field;
  const sign = isSorted ? theme.sign(sort.descending ? 'down' : 'up') : '';
  const words = isSorted && theme.screenReader ? (sort.descending ? ', descending' : ', ascending') : sign;
  const title = sanitizeText(field);
  const room = cells - displayWidth(words);
  const sorted = `${displayWidth(title) > room ? truncateToWidth(title, room) : title}${words}`;
  const filled = figures?.get(field)?.filled;
  if (mode !== 'items' || filled === undefined || total === 0) return sorted;
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
  const { table, total = 0, mode } = slice;
  const field = cursorField(slice);
  const figures = field === undefined ? undefined : table.figures?.get(field);
  if (mode !== 'items' || field === undefined || total === 0) return '';
  const title = sanitizeText(field);
  if (figures === undefined) return table.figures?.size === 0 ? `${title}: counting…` : `${title}: no value`;
  const { filled, numbers, sum, min, max } = figures;
  const has = `${title}: ${formatNumber(filled)} of ${formatNumber(total)} have a value`;
  if (numbers === 0) return has;
  const some = numbers < filled ? ` · ${formatNumber(numbers)} are numbers` : '';
  const parts = [
    `sum ${formatNumber(sum)}`,
    `lowest ${formatNumber(min)}`,
    `mean ${formatNumber(sum / numbers)}`,
    `highest ${formatNumber(max)}`,
  ];
  return `${has}${some} · ${parts.join(' · ')}`;
}

/** A file that is being written from the collected items has no share. */
function writingShare({ share }: NonNullable<ItemsSlice['writing']>): string {
  return share > 0 && share < 1 ? ` ${Math.floor(100 * share)} %` : '';
}

function formatNumber(number: number): string {
  return number.toLocaleString('en-US', { maximumFractionDigits: 2 });
}

/** Where the user is, and what is shown: `3 of 412 items of 1,000 · price>20 · 2 marked`. */
export function describePosition({ slice, withRunId }: ItemsState): string {
  const { mode, changes, problem } = slice;
  if (problem !== undefined) return problem;
  if (mode === 'items') return describeItems(slice);
  if (changes === undefined) return `Comparing with ${withRunId ?? 'the previous run'}…`;
  const { added, removed, changed, unchanged } = changes.counts;
  if (isSame(changes)) return describeSame(changes);
  const counts = `${added} added, ${removed} removed, ${changed} changed, ${unchanged} the same as in ${changes.withRunId}`;
  const by = changes.key === null ? ', compared as a whole' : `, by ${sanitizeText(changes.key)}`;
  const rules = changes.rules.length === 0 ? '' : `, without what the configuration leaves out`;
  return `${describeShown(slice, changes)}${counts}${by}${rules}`;
}

/** Whether nothing was added, removed or changed. */
export function isSame({ counts: { added, removed, changed } }: ItemChanges): boolean {
  return added + removed + changed === 0;
}

/** `Nothing changed since run 20261201-020000-ab12 (1,000 items, matched by link).` */
function describeSame({ withRunId, key, rules, counts: { unchanged } }: ItemChanges): string {
  const by = key === null ? 'compared as a whole' : `matched by ${sanitizeText(key)}`;
  const without = rules.length === 0 ? '' : ', without what the configuration leaves out';
  return `Nothing changed since run ${withRunId} (${pluralize(unchanged, 'item')}, ${by}${without}).`;
}

/** `only changed, largest first · 3 of 412 · `; with the reading of further ones. */
function describeShown({ changeQuery, row, asked }: ItemsSlice, { counts, rows }: ItemChanges): string {
  const { only, sort } = changeQuery;
  const all = only === undefined ? counts.added + counts.removed + counts.changed : counts[only];
  const how = [only && `only ${only}`, sort && 'largest change first'].filter(Boolean).join(', ');
  const at = all === 0 ? '' : `${formatNumber(row + 1)} of ${formatNumber(all)}`;
  const isReading = typeof asked === 'object' && row >= rows.length - 1;
  return [how, at, isReading ? 'reading more…' : '']
    .filter((text) => text !== '')
    .map((text) => `${text} · `)
    .join('');
}

function describeItems({ total, all, row, table, reading, progress, writing }: ItemsSlice): string {
  const { filter, marked, find, sort } = table;
  const isFiltered = filter.terms.length > 0;
  const percent = reading && progress > 0 ? ` ${Math.floor(100 * progress)} %` : '';
  if (total === undefined) return `Reading the items…${percent}`;
  const busy = percent === '' ? '' : ` · reading the items…${percent}`;
  const shown = isFiltered ? ` · ${sanitizeText(filter.text.trim())}` : '';
  const others = [
    ...(sort === undefined ? [] : [`by ${sanitizeText(sort.field)}${sort.descending ? ', descending' : ''}`]),
    ...(marked.size === 0 ? [] : [`${formatNumber(marked.size)} marked`]),
    ...(find === undefined ? [] : [`"${sanitizeText(find.text)}" ${find.result}`]),
    ...(writing === undefined ? [] : [`writing ${sanitizeText(writing.to)}…${writingShare(writing)}`]),
  ].map((text) => ` · ${text}`);
  const rest = `${shown}${others.join('')}${busy}`;
  if (total === 0)
    return isFiltered
      ? `None of ${pluralize(all, 'item')} matches${rest}  (Esc clears the filter)`
      : `The run has no items.${busy}`;
  return `${formatNumber(row + 1)} of ${pluralize(total, 'item')}${isFiltered ? ` (${formatNumber(all)} in all)` : ''}${rest}`;
}
