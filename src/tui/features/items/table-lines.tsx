import { Box } from 'ink';
import { displayWidth, truncateToWidth } from '../../../core/lib/display-width.ts';
import { sanitizeText } from '../../../core/lib/sanitize-text.ts';
import { Field } from '../../ui/components/field.tsx';
import { Text, useTheme } from '../../ui/components/text.tsx';
import type { Theme } from '../../ui/theme.ts';
import { columnLines } from './describe-position.ts';
import { columnRule, type VisibleColumn } from './item-columns.ts';
import { promptHelp, promptLines, promptProblem } from './item-prompt.ts';
import { cursorField, shownItems } from './item-table.ts';
import { isByChange } from './joined-rows.ts';
import { fillShare } from './missing-values.ts';
import type { ItemPrompt, ItemsSlice } from './model.ts';
import { ITEM_MARK_CELLS } from './reducer.ts';
import { writeLabel } from './write-items.ts';

interface ColumnTitlesProps {
  slice: ItemsSlice;
  columns: readonly VisibleColumn[];
  /** The fields that each item must have. */
  required: readonly string[];
  /** Of the whole row, in cells. */
  width: number;
}

/** The titles of the columns: the sign of the order, and how many of the items have a value. */
export function ColumnTitles({ slice, columns, required, width }: ColumnTitlesProps) {
  const theme = useTheme();
  const field = cursorField(slice);
  if (theme.screenReader) {
    const titles = columns.map((column) => {
      const { title, share } = titleOf(slice, column, theme, required.includes(column.field));
      return `${title}${share}`;
    });
    return (
      <Box height={1} flexShrink={0}>
        <Text style="heading">{`Columns: ${titles.join(', ')}`}</Text>
      </Box>
    );
  }
  const rule = columnRule(columns, width - ITEM_MARK_CELLS);
  const used = columns.reduce((sum, { cells }) => sum + cells, Math.max(0, columns.length - 1) * rule.length);
  return (
    <Box height={1} flexShrink={0}>
      <Text over="titles">{' '.repeat(ITEM_MARK_CELLS)}</Text>
      {columns.map((column, index) => {
        const isRequired = required.includes(column.field);
        const { title, share, shareStyle } = titleOf(slice, column, theme, isRequired);
        const blank = ' '.repeat(Math.max(0, column.cells - displayWidth(title + share)));
        const style = column.field === field ? 'found' : 'heading';
        return (
          <Box key={column.field} flexShrink={0}>
            {index > 0 && (
              <Text style="rule" over="titles">
                {rule}
              </Text>
            )}
            <Text style={style} over="titles">
              {column.align === 'right' ? blank + title : title}
            </Text>
            {share !== '' && (
              <Text style={shareStyle ?? style} over="titles">
                {share}
              </Text>
            )}
            {column.align === 'left' && (
              <Text style={style} over="titles">
                {blank}
              </Text>
            )}
          </Box>
        );
      })}
      <Text over="titles">{' '.repeat(Math.max(0, width - ITEM_MARK_CELLS - used))}</Text>
    </Box>
  );
}

/** `price▼ 98 %`, and by how much it changed `price~▼`; without what does not fit. */
function titleOf(slice: ItemsSlice, { field, cells }: VisibleColumn, theme: Theme, isRequired: boolean) {
  const { table } = slice;
  const total = shownItems(slice);
  const { sort, figures } = table;
  const byChange = isByChange(slice, field);
  const isSorted = sort?.field === field || byChange;
  const sign = isSorted ? `${byChange ? '~' : ''}${theme.sign(sort?.descending ? 'down' : 'up')}` : '';
  const spoken = `${byChange ? ', by its change' : ''}, ${sort?.descending ? 'descending' : 'ascending'}`;
  const words = isSorted && theme.screenReader ? spoken : sign;
  const title = sanitizeText(field);
  const room = cells - displayWidth(words);
  const sorted = `${displayWidth(title) > room ? truncateToWidth(title, room) : title}${words}`;
  const isKind = slice.mode !== 'items' && field === slice.joined?.names.kind;
  const filled = isKind ? undefined : figures?.get(field)?.filled;
  if (filled === undefined || total === 0) return { title: sorted, share: '', shareStyle: undefined };
  const { text, style } = fillShare(filled, total, isRequired);
  const isFitting = displayWidth(text) <= cells - displayWidth(sorted);
  return { title: sorted, share: isFitting ? text : '', shareStyle: style };
}

const PROMPTS: Readonly<
  Record<ItemPrompt['what'], { label: string | ((slice: ItemsSlice) => string); placeholder: string }>
> = {
  filter: { label: 'Filter: ', placeholder: 'price>20 title:lantern !stock:none' },
  find: { label: 'Search: ', placeholder: 'a text in any column' },
  number: { label: 'Go to item: ', placeholder: 'its number' },
  write: { label: writeLabel, placeholder: 'a file' },
};

/** What is typed, with what may be typed or what is wrong in it; else the figures of the column under the cursor. */
export function ItemsFoot({ slice, columns, lines }: { slice: ItemsSlice; columns: number; lines: number }) {
  const { prompt } = slice;
  if (prompt === undefined)
    return (
      <Box flexDirection="column" flexShrink={0}>
        {columnLines(slice, columns, lines).map((line) => (
          <Box key={line} height={1} flexShrink={0}>
            <Text style="faint">{line}</Text>
          </Box>
        ))}
      </Box>
    );
  const { label: labelOf, placeholder } = PROMPTS[prompt.what];
  const label = typeof labelOf === 'string' ? labelOf : labelOf(slice);
  const problem = sanitizeText(promptProblem(prompt, slice));
  const help = problem === '' ? promptHelp(prompt, slice) : problem;
  const style = problem === '' ? 'faint' : 'warning';
  const isBelow = lines > 1;
  const said = isBelow || help === '' ? '' : `  ${help}`;
  // What is typed needs a cell more, for the cursor; what it leaves is for what is said.
  const left = columns - label.length - Math.max(displayWidth(prompt.line.text) + 1, Math.floor(columns / 4));
  const room = Math.max(10, columns - label.length - Math.max(0, Math.min(displayWidth(said), left)));
  return (
    <Box flexDirection="column" flexShrink={0}>
      <Box height={1} flexShrink={0}>
        <Text style="key">{label}</Text>
        <Field line={prompt.line} columns={room} placeholder={placeholder} />
        <Text style={style}>{truncateToWidth(said, Math.max(0, columns - label.length - room))}</Text>
      </Box>
      {isBelow &&
        promptLines(prompt, slice, columns).map((line) => (
          <Box key={line} height={1} flexShrink={0}>
            <Text style={style}>{line}</Text>
          </Box>
        ))}
    </Box>
  );
}
