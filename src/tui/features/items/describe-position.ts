import type { ColumnFigures } from '../../../core/items/column-figures.ts';
import { truncateToWidth } from '../../../core/lib/display-width.ts';
import { sanitizeText } from '../../../core/lib/sanitize-text.ts';
import { pluralize } from '../../../core/lib/text.ts';
import { toNumber } from '../../../core/runs/item-values.ts';
import { wrapParts } from '../../ui/text/fit.ts';
import type { VisibleColumn } from './item-columns.ts';
import { allItems, cursorField, damagedRows, describeDamaged, shownItems } from './item-table.ts';
import type { ItemsSlice, ItemsState } from './model.ts';

/** Where the user is, and what is shown: `3 of 412 items of 1,000 · price>20 · 2 marked`. */
export function describePosition({ slice, withRunId }: ItemsState): string {
  const { mode, problem } = slice;
  if (problem !== undefined) return problem;
  return mode === 'items' ? describeItems(slice) : describeJoined(slice, withRunId);
}

/** What is said stands alone, in full: why there is nothing to show, or that nothing changed. */
export function standsAlone(slice: ItemsSlice): boolean {
  return (slice.problem !== undefined && !slice.total) || showsNoChange(slice);
}

/** There is no row to show below the titles, because no item differs. */
function showsNoChange(slice: ItemsSlice): boolean {
  const { mode, joined, total, table } = slice;
  const isPlain = table.kind === 'differing' && table.filter.terms.length === 0;
  return mode === 'changes' && joined !== undefined && total === 0 && isPlain && isSame(joined);
}

type Joined = NonNullable<ItemsSlice['joined']>;

/** Whether nothing was added, removed or changed. */
function isSame({ counts: { added, removed, changed } }: Joined): boolean {
  return added + removed + changed === 0;
}

function describeItems(slice: ItemsSlice): string {
  const { total, row, table } = slice;
  const isFiltered = table.filter.terms.length > 0;
  const busy = describeReading(slice);
  if (total === undefined) return `Reading the items…${percentOf(slice)}`;
  const rest = `${describeDamaged(slice)}${describeTable(slice)}${busy}`;
  const all = allItems(slice);
  if (total === 0)
    return isFiltered
      ? `None of ${pluralize(all, 'item')} matches${rest}${describeNoNumber(slice)}  (Esc clears the filter)`
      : `The run has no items.${busy}`;
  const items = pluralize(shownItems(slice), 'item');
  // The rows of damaged lines are in the table, and are no items.
  if (damagedRows(slice) > 0)
    return `${formatNumber(row + 1)} of ${pluralize(total, 'line')} · ${items}${rest}`;
  return `${formatNumber(row + 1)} of ${items}${isFiltered ? ` (${formatNumber(all)} in all)` : ''}${rest}`;
}

/** ` · cheap is no number, as those of price are`: a text and a number have no order, so nothing matches. */
function describeNoNumber({ table, columns }: ItemsSlice): string {
  const term = table.filter.terms.find(
    (one) =>
      one.kind === 'compare' &&
      one.is !== '=' &&
      toNumber(one.value) === undefined &&
      columns.some(({ field, align }) => field === one.field && align === 'right'),
  );
  if (term?.kind !== 'compare') return '';
  return ` · ${sanitizeText(term.value)} is no number, as those of ${sanitizeText(term.field)} are`;
}

/** `3 of 12 · only changed · price>20 · 250 changed, 20 added, 50 removed of 1,000, by url` */
function describeJoined(slice: ItemsSlice, withRunId: string | undefined): string {
  const { joined, total, row, table } = slice;
  if (joined === undefined || total === undefined)
    return `Comparing with ${withRunId ?? 'the previous run'}…${percentOf(slice)}`;
  const busy = describeReading(slice);
  if (showsNoChange(slice)) return `${describeSame(joined)}${busy}`;
  const by = joined.key === null ? ', compared as a whole' : `, by ${sanitizeText(joined.key)}`;
  const rules = joined.rules.length === 0 ? '' : ', without what the configuration leaves out';
  const at = total === 0 ? 'No row' : `${formatNumber(row + 1)} of ${formatNumber(total)}`;
  const only = KIND_WORDS[table.kind];
  const parts = [at, only].filter((part) => part !== '').join(' · ');
  return `${parts}${describeTable(slice)}${busy} · ${describeCounts(joined)}${describeSkipped(joined)}${by}${rules}`;
}

/** `250 changed, 20 added of 1,000`: kinds without a row take no room. */
function describeCounts({ counts }: Joined): string {
  const { added, removed, changed, unchanged } = counts;
  const kinds = Object.entries({ changed, added, removed }).filter(([, count]) => count > 0);
  const all = formatNumber(added + removed + changed + unchanged);
  if (kinds.length === 0) return `none of ${all} differs`;
  return `${kinds.map(([kind, count]) => `${formatNumber(count)} ${kind}`).join(', ')} of ${all}`;
}

/** ` · 3 runs between have no items any more`; empty when the run before is the one that is compared. */
function describeSkipped({ skippedRuns }: Joined): string {
  if (skippedRuns === 0) return '';
  return ` · ${pluralize(skippedRuns, 'run')} between ${skippedRuns === 1 ? 'has' : 'have'} no items any more`;
}

const KIND_WORDS: Readonly<Record<ItemsSlice['table']['kind'], string>> = {
  differing: '',
  changed: 'only changed',
  added: 'only added',
  removed: 'only removed',
  all: 'all rows',
};

/** `Nothing changed since run 20261201-020000-ab12 (1,000 items, matched by link). t shows them.` */
function describeSame(joined: Joined): string {
  const { withRunId, key, rules, counts } = joined;
  const by = key === null ? 'compared as a whole' : `matched by ${sanitizeText(key)}`;
  const without = rules.length === 0 ? '' : ', without what the configuration leaves out';
  return `Nothing changed since run ${withRunId} (${pluralize(counts.unchanged, 'item')}, ${by}${without})${describeSkipped(joined)}. t shows them.`;
}

/** What the user did with the table: ` · price>20 · by price, descending · 2 marked`. */
function describeTable(slice: ItemsSlice): string {
  const { table, writing, mode, joined, prompt } = slice;
  const { filter, hidden, marked, only, find, sort } = table;
  // While it is typed, the line below says it.
  const [problem] = prompt === undefined ? filter.problems : [];
  const assumed = prompt === undefined ? filter.assumed.map(sanitizeText) : [];
  const names = mode === 'changes' ? joined?.names : undefined;
  const parts = [
    ...(filter.terms.length === 0 ? [] : [sanitizeText(filter.text.trim())]),
    ...(problem === undefined ? [] : [`a part of the filter does not apply: ${sanitizeText(problem.text)}`]),
    ...(assumed.length === 0 ? [] : [`no item has ${assumed.join(' or ')} so far`]),
    ...(sort === undefined || !isKnown(slice, sort.field)
      ? []
      : [`by ${describeField(sort.field, names)}${sort.descending ? ', descending' : ''}`]),
    ...(hidden.length === 0 ? [] : [pluralize(hidden.length, 'hidden column')]),
    ...(marked.size === 0 ? [] : [`${formatNumber(marked.size)} marked`]),
    ...(only === undefined ? [] : ['only marked ones']),
    ...(find === undefined ? [] : [`"${sanitizeText(find.text)}" ${find.result}`]),
    ...(writing === undefined ? [] : [`writing ${sanitizeText(writing.to)}…${writingShare(writing)}`]),
  ];
  return parts.map((text) => ` · ${text}`).join('');
}

/** Whether some item has a field: the order of another run of the job may be by one that this run lacks. */
function isKnown({ columns, fields = [], joined }: ItemsSlice, field: string): boolean {
  const { before = '', change = '' } = joined?.names ?? {};
  const own = [before, change].find((sign) => sign !== '' && field.startsWith(sign)) ?? '';
  const name = field.slice(own.length);
  return fields.includes(name) || columns.some((column) => column.field === name);
}

/** A field in words. What stands beside an item of two runs is named by its item's field. */
function describeField(field: string, names: Joined['names'] | undefined): string {
  if (names !== undefined && field.startsWith(names.change))
    return `the change of ${sanitizeText(field.slice(names.change.length))}`;
  if (names !== undefined && field.startsWith(names.before))
    return `${sanitizeText(field.slice(names.before.length))} before`;
  return sanitizeText(field);
}

function describeReading(slice: ItemsSlice): string {
  const percent = percentOf(slice);
  return percent === '' ? '' : ` · reading the items…${percent}`;
}

/** The share of the file that was read for what is awaited. */
function percentOf({ reading, progress }: ItemsSlice): string {
  return reading && progress > 0 ? ` ${Math.floor(100 * progress)} %` : '';
}

/** A file that is being written from the collected items has no share. */
function writingShare({ share }: NonNullable<ItemsSlice['writing']>): string {
  return share > 0 && share < 1 ? ` ${Math.floor(100 * share)} %` : '';
}

/** By the least decimals: to make one takes longer than to use it a hundred times. */
const FORMATS = [0, 1, 2].map(
  (least) => new Intl.NumberFormat('en-US', { minimumFractionDigits: least, maximumFractionDigits: 2 }),
);
/** Of larger numbers, a double does not know all digits. */
const MAX_PLAIN = 1e15;

/** A number in words: `3,204.5`, and a very large one in short: `1.5e308`. */
export function formatNumber(number: number, decimals = 0): string {
  if (Math.abs(number) >= MAX_PLAIN) return Number(number.toPrecision(4)).toExponential().replace('e+', 'e');
  return (FORMATS[decimals] ?? FORMATS[0])?.format(number) ?? '';
}

/** How the figures of a column are shown: with the sign of its numbers, and as many decimals as they have. */
export function figureFormat({
  unit,
  min,
  max,
  decimals: written = 0,
}: Pick<ColumnFigures, 'unit' | 'min' | 'max' | 'decimals'>): (number: number) => string {
  const [before, after] = unit.map((text) => sanitizeText(text));
  // As in `£55.70` beside `£50.02`.
  const decimals = Math.max(written, ...[min, max].map(decimalsOf));
  return (number) => `${number < 0 ? '-' : ''}${before}${formatNumber(Math.abs(number), decimals)}${after}`;
}

function decimalsOf(number: number): number {
  return Math.abs(number) >= MAX_PLAIN ? 0 : (formatNumber(number).split('.')[1]?.length ?? 0);
}

/** How many columns are beyond the edges: `← 2 more columns`, `1 more column →`; empty if all are in sight. */
export function describeBeyond(all: number, columns: readonly VisibleColumn[]): string {
  const last = columns.at(-1)?.index ?? 0;
  // Columns that are kept in sight are before those that are not.
  const left = columns.length === 0 ? 0 : last + 1 - columns.length;
  const right = columns.length === 0 ? 0 : all - 1 - last;
  if (right === 0) return left === 0 ? '' : `← ${pluralize(left, 'more column')}`;
  return `${left === 0 ? '' : `← ${left} · `}${pluralize(right, 'more column')} →`;
}

/** The figures of the column under the cursor, wrapped into at most `lines`. */
export function columnLines(slice: ItemsSlice, columns: number, lines: number): string[] {
  const wrapped = wrapParts(describeColumn(slice).split(' · '), columns);
  if (wrapped.length <= lines) return wrapped;
  const rest = wrapped.slice(lines - 1).join(' · ');
  return [...wrapped.slice(0, lines - 1), truncateToWidth(rest, columns)];
}

/** `price: 118 of 120 have a value · sum £3,204.50 · lowest £3.50 · mean £27.15 · median £25.00 · highest £103.00` */
function describeColumn(slice: ItemsSlice): string {
  const { table } = slice;
  const total = shownItems(slice);
  const field = cursorField(slice);
  const figures = field === undefined ? undefined : table.figures?.get(field);
  if (field === undefined || total === 0) return '';
  const title = sanitizeText(field);
  if (figures === undefined) return table.figures?.size === 0 ? `${title}: counting…` : `${title}: no value`;
  const { filled, numbers, sum, min, max, median } = figures;
  const show = figureFormat(figures);
  const has = `${title}: ${formatNumber(filled)} of ${formatNumber(total)} have a value`;
  const changed = describeChanges(slice, field, show);
  if (numbers === 0) return `${has}${changed}`;
  const some = numbers < filled ? ` · ${formatNumber(numbers)} are numbers` : '';
  const parts = [
    ...(Number.isFinite(sum) ? [`sum ${show(sum)}`] : []),
    `lowest ${show(min)}`,
    ...(Number.isFinite(sum) ? [`mean ${show(sum / numbers)}`] : []),
    ...(median === undefined ? [] : [`median ${show(median)}`]),
    `highest ${show(max)}`,
  ];
  return `${has}${some}${changed} · ${parts.join(' · ')}`;
}

/** ` · 12 changed, by -5 to +3`, of a column of two runs side by side. */
function describeChanges(
  { joined, table }: ItemsSlice,
  field: string,
  show: (number: number) => string,
): string {
  if (joined === undefined) return '';
  const { before, change } = joined.names;
  const [moved, changed] = [table.figures?.get(change + field), table.figures?.get(before + field)];
  const count = Math.max(moved?.numbers ?? 0, changed?.filled ?? 0);
  if (count === 0) return '';
  const by =
    moved === undefined || moved.numbers === 0
      ? ''
      : `, by ${signed(moved.min, show)} to ${signed(moved.max, show)}`;
  return ` · ${formatNumber(count)} changed${by}`;
}

/** A minus stands before the currency. */
function signed(number: number, show: (number: number) => string): string {
  const sign = number > 0 ? '+' : number < 0 ? '-' : '';
  return `${sign}${show(Math.abs(number))}`;
}
