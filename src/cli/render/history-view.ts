import { displayWidth } from '../../core/lib/display-width.ts';
import { formatRowValue } from '../../core/lib/format-row-value.ts';
import { sanitizeText } from '../../core/lib/sanitize-text.ts';
import { pluralize } from '../../core/lib/text.ts';
import type { OperationOutput } from '../../core/operations/call-operation.ts';
import { toNumber } from '../../core/runs/item-values.ts';
import { stepCurve } from '../../tui/ui/step-curve.ts';
import { asAscii } from '../../tui/ui/text/ascii.ts';
import { themeFor } from '../../tui/ui/theme.ts';
import { formatTimestamp } from './format.ts';
import { renderTable } from './table.ts';
import type { Terminal } from './terminal.ts';

export type ItemHistory = OperationOutput<'get_item_history'>;
type Value = ItemHistory['values'][number];
type Kept = NonNullable<ItemHistory['figures']>[number]['current'];

const GONE = '(gone)';

/** The changed values of a row, or with their rows those of all. */
export function historyTable({ values, key, key_fields }: ItemHistory, terminal: Terminal): string {
  const when = {
    title: 'SINCE',
    value: ({ at }: Value) => formatTimestamp(at),
    short: ({ at }: Value) => at.slice(0, 10),
  };
  const field = { title: 'FIELD', value: (row: Value) => row.field, flexible: true };
  const value = { title: 'VALUE', value: formatKept, flexible: true };
  const percent = { title: 'CHANGE', value: formatPercent, align: 'right' as const };
  const run = { title: 'RUN', value: ({ run_id }: Value) => run_id, drop: 1 };
  if (key !== undefined) return renderTable([when, field, value, percent, run], values, terminal);
  const item = {
    title: key_fields.join(', '),
    value: (row: Value) => formatKey(row.key),
    flexible: true,
  };
  const before = {
    title: 'BEFORE',
    value: (row: Value) => ('before' in row ? formatRowValue(row.before) : ''),
    flexible: true,
    drop: 2,
  };
  return renderTable([item, field, before, value, percent, when, run], values, terminal);
}

/** The figures of each field of a row, a line each. */
export function describeFigures({ figures = [] }: ItemHistory): string[] {
  return figures.map(({ field, values, first, current, lowest, highest }) => {
    const parts = [`${formatKept(current)} since ${formatTimestamp(current.at)}`];
    if (lowest !== undefined && highest !== undefined && values > 1)
      parts.push(
        `lowest ${formatKept(lowest)} (${day(lowest)})`,
        `highest ${formatKept(highest)} (${day(highest)})`,
      );
    if (values > 1) parts.push(`first ${formatKept(first)} (${day(first)})`);
    return sanitizeText(`${field}: ${parts.join(', ')}; ${pluralize(values, 'value')}.`);
  });
}

/** Rows of cells for CSV, with a header: a column for each field of the key. */
export function historyCells({ values, key, key_fields }: ItemHistory): string[][] {
  const header = [...key_fields, 'field', 'at', 'value', 'gone', 'run_id'];
  return [
    header,
    ...values.map((row) => {
      const of = row.key ?? key;
      const parts = key_fields.length === 1 ? [of] : (of as unknown[]);
      const { field, at, value, gone = false, run_id } = row;
      return [...parts.map(toCell), field, at, toCell(value), String(gone), run_id];
    }),
  ];
}

/** Programs read it: a price stays JSON. */
function toCell(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const CHART_ROWS = 10;
const MIN_COLUMNS = 20;
const PIPED_COLUMNS = 80;

/**
 * Draws each field with numbers as a curve, over the width of the terminal: the axis has the lowest and the highest
 * value, and the instants of the first value and of now.
 * @param history with all values to draw
 */
export function historyCharts(
  { values, figures = [] }: ItemHistory,
  terminal: Terminal,
  now: number,
): string {
  const { unicode } = themeFor(process.env, { color: false });
  const charts = figures.flatMap(({ field, lowest, highest }) => {
    if (lowest === undefined || highest === undefined) return [];
    const points = values
      .filter((value) => value.field === field)
      .map(({ at, value }) => ({ at: Date.parse(at), value: toNumber(value) ?? null, text: at }))
      .reverse();
    const [first] = points;
    if (first === undefined) return [];
    const labels = [formatKept(highest), formatKept(lowest)].map(sanitizeText);
    const margin = Math.max(...labels.map(displayWidth));
    const columns = Math.max(MIN_COLUMNS, (terminal.columns ?? PIPED_COLUMNS) - margin - 2);
    const isFlat = toNumber(highest.value) === toNumber(lowest.value);
    const area = {
      columns,
      rows: isFlat ? 1 : CHART_ROWS,
      from: first.at,
      until: Math.max(now, first.at + 1),
    };
    const lines = stepCurve(points, area).map((line, row) => {
      const label = row === 0 ? labels[0] : row === area.rows - 1 ? labels[1] : undefined;
      const side = ' '.repeat(margin - displayWidth(label ?? ''));
      return `${side}${label ?? ''} ${label === undefined ? '│' : '┤'}${line.trimEnd()}`;
    });
    const [from, until] = [first.text.slice(0, 10), 'now'];
    const dates = `${from}${until.padStart(Math.max(1, columns - from.length))}`;
    const indent = ' '.repeat(margin + 1);
    return [
      [
        terminal.colors.bold(sanitizeText(field)),
        ...lines,
        `${indent}└${'─'.repeat(columns)}`,
        `${indent} ${dates}`,
      ],
    ];
  });
  const text = charts.map((lines) => lines.join('\n')).join('\n\n');
  return unicode ? text : asAscii(text);
}

function day({ at }: Kept): string {
  return at.slice(0, 10);
}

function formatKept({ value, gone }: Pick<Kept, 'value' | 'gone'>): string {
  return gone === true ? GONE : formatRowValue(value);
}

function formatPercent({ percent }: Value): string {
  return percent === undefined ? '' : `${percent > 0 ? '+' : ''}${percent} %`;
}

function formatKey(key: unknown): string {
  return Array.isArray(key) ? key.map(formatRowValue).join(', ') : formatRowValue(key);
}
