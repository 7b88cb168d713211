import { displayWidth } from '../../../core/lib/display-width.ts';
import { pluralize } from '../../../core/lib/text.ts';
import type { OperationOutput } from '../../../core/operations/call-operation.ts';
import { toNumber } from '../../../core/runs/item-values.ts';
import type { Event, State, Step } from '../../kernel/model.ts';
import { step } from '../../kernel/step.ts';
import { formatDate } from '../../ui/format.ts';
import { stepCurve } from '../../ui/step-curve.ts';
import { fitTo, wrapParts } from '../../ui/text/fit.ts';
import { formatItemValue } from './item-columns.ts';
import type { Item, RowHistory, ShownHistory } from './model.ts';

type Answer = OperationOutput<'get_item_history'>;

const TAG = 'items.history';
/** The newest values of a row that its curves have. */
const MAX_VALUES = 500;

/** No request was made yet. */
export const NO_HISTORY: ShownHistory = { jobId: '', about: 'unknown', key: undefined, row: undefined };

/** Requests the history of the item that is shown in full; first, which fields of the job have one. */
export function followHistory({ state, effects }: Step, item: Item | undefined): Step {
  const { jobId, history = NO_HISTORY } = state.items;
  if (item === undefined) return { state, effects };
  const ask = (next: ShownHistory, params: object): Step => ({
    state: { ...state, items: { ...state.items, history: next } },
    effects: [
      ...effects,
      {
        kind: 'call',
        name: 'get_item_history',
        params: { job_id: jobId, ...params },
        tag: `${TAG}.${jobId}.${next.key ?? ''}`,
        quiet: true,
      },
    ],
  });
  if (history.jobId !== jobId || history.about === 'unknown')
    return ask({ ...NO_HISTORY, jobId, about: 'asked' }, { limit: 0 });
  const key = keyOfItem(item, history);
  if (key === undefined || JSON.stringify(key) === history.key) return { state, effects };
  return ask({ ...history, key: JSON.stringify(key), row: undefined }, { key, limit: MAX_VALUES });
}

/** Takes an answer of {@link followHistory}. A job without a history, and a row without one, show none. */
export function takeHistory(state: State, event: Event): Step | undefined {
  if (event.kind !== 'answer' || event.name !== 'get_item_history' || !event.tag.startsWith(`${TAG}.`))
    return undefined;
  const { jobId, history = NO_HISTORY } = state.items;
  const set = (next: ShownHistory) => step({ ...state, items: { ...state.items, history: next } });
  if (event.tag !== `${TAG}.${jobId}.${history.key ?? ''}` || history.jobId !== jobId) return step(state);
  if (history.key !== undefined)
    return set({ ...history, row: event.ok ? toRowHistory(event.output) : undefined });
  const isKept = event.ok && event.output.rows > 0;
  return set({ ...history, about: isKept ? { keyFields: event.output.key_fields } : 'none' });
}

function keyOfItem(item: Item, { about }: ShownHistory): (string | number)[] | undefined {
  if (typeof about !== 'object') return undefined;
  const values = about.keyFields.map((name) => item[name]);
  const isKey = values.every((value) => typeof value === 'number' || typeof value === 'string');
  return isKey ? (values as (string | number)[]) : undefined;
}

function toRowHistory({ figures = [], values }: Answer): RowHistory {
  return Object.fromEntries(
    figures.map((field) => [
      field.field,
      { ...field, points: values.filter((value) => value.field === field.field) },
    ]),
  );
}

/** The rows of a curve, from those that it has at least to what its steps need. */
export const CURVE_ROWS = { least: 3, most: 24 };

interface HistoryLine {
  isCurve: boolean;
  /** What stands before the text of a curve, at its axis. */
  axis?: string;
  text: string;
}

interface HistoryArea {
  readonly columns: number;
  /** The rows of a curve. */
  readonly rows: number;
  /** Where the curve ends, in epoch milliseconds. */
  readonly now: number;
  readonly timezone: string;
  readonly hasCurve: boolean;
}

/**
 * The lines about a field's history, below its value: a curve of numbers, and their figures.
 */
export function historyLines(
  history: RowHistory | undefined,
  field: string,
  { columns, rows, now, timezone, hasCurve }: HistoryArea,
): HistoryLine[] {
  const figures = history?.[field];
  if (figures === undefined || figures.values < 2) return [];
  const { values, first, current, lowest, highest } = figures;
  const date = (at: string) => formatDate(Date.parse(at), now, timezone);
  const of = (kept: typeof first) => `${show(kept)} (${date(kept.at)})`;
  const about =
    lowest === undefined || highest === undefined
      ? [`first ${of(first)}`, `now since ${date(current.at)}`]
      : [`first ${of(first)}`, `lowest ${of(lowest)}`, `highest ${of(highest)}`, `now ${show(current)}`];
  const said = [...about, pluralize(values, 'value')];
  const text = wrapParts(said, Math.max(1, columns - 2)).map((row) => ({ isCurve: false, text: `  ${row}` }));
  if (lowest === undefined || highest === undefined || !hasCurve) return text;
  const curve = curveLines(figures, [show(highest), show(lowest)], { columns, rows, now, timezone });
  return [...curve, ...text];
}

/** A curve between its highest and its lowest value, with the day of its first one below. */
function curveLines(
  { points }: RowHistory[string],
  [highest, lowest]: readonly [string, string],
  { columns, rows, now, timezone }: Omit<HistoryArea, 'hasCurve'>,
): HistoryLine[] {
  const known = points
    .map(({ at, value }) => ({ at: Date.parse(at), value: toNumber(value) ?? null }))
    .reverse();
  const from = known[0]?.at ?? now;
  const cells = Math.max(displayWidth(highest), displayWidth(lowest));
  const width = columns - cells - 4;
  if (width < 1) return [];
  const drawn = stepCurve(known, { columns: width, rows, from, until: Math.max(now, from + 1) });
  const axis = (row: number) => {
    const label = row === 0 ? highest : row === rows - 1 ? lowest : '';
    return `  ${fitTo(label, cells, 'right')} ${label === '' ? '│' : '┤'}`;
  };
  const day = formatDate(from, now, timezone);
  const days = width < day.length + 4 ? '' : `${day}${'now'.padStart(width - day.length)}`;
  return [
    ...drawn.map((line, row) => ({ isCurve: true, axis: axis(row), text: line.trimEnd() })),
    { isCurve: false, text: `${' '.repeat(cells + 4)}${days}` },
  ];
}

function show({ value, gone }: { value?: unknown; gone?: true | undefined }): string {
  return gone === true ? 'gone' : formatItemValue(value);
}
