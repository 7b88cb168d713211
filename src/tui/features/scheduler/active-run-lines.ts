import { pluralize } from '../../../core/lib/text.ts';
import type { ActiveRun } from '../../home/active-run.ts';
import type { State } from '../../kernel/model.ts';
import { type OverlayLine, textLine } from '../../ui/components/overlay.tsx';
import { type TextColumn, tableCells, tableLines } from '../../ui/components/text-table.tsx';
import { CLOCK_TIME_CELLS, formatClockTime } from '../../ui/format.ts';

interface RunColumn extends TextColumn {
  text(run: ActiveRun, state: State): string;
  /** A narrow dialog leaves out the columns with the highest number first. */
  readonly rank: number;
}

const JOB: Omit<RunColumn, 'cells'> = { title: 'JOB', text: ({ jobId }) => jobId, rank: 0 };
const MIN_JOB_CELLS = 12;

const OTHERS: readonly RunColumn[] = [
  { title: 'RUN', cells: 13, text: ({ runId }) => runId, rank: 3 },
  {
    title: 'STARTED',
    cells: CLOCK_TIME_CELLS,
    rank: 1,
    text: ({ startedAt }, { now, timezone }) =>
      startedAt === null ? '' : formatClockTime(startedAt, now, timezone),
  },
  {
    title: 'ATTEMPT',
    cells: 7,
    rank: 2,
    text: ({ attempt, maxAttempts }) => `${attempt} of ${maxAttempts}`,
  },
  {
    title: 'ITEMS',
    cells: 7,
    align: 'right',
    rank: 1,
    text: ({ items }) => items.toLocaleString('en-US'),
  },
];

const WORKER: RunColumn = { title: 'WORKER', cells: 14, text: ({ worker }) => worker ?? '-', rank: 2 };

/** The active runs in at most `room` lines, with headings; none without such runs, or without room for one. */
export function activeRunLines(state: State, inner: number, room: number): OverlayLine[] {
  const runs = state.home?.runs ?? [];
  const isCut = runs.length + 1 > room;
  const shown = runs.slice(0, Math.max(0, isCut ? room - 2 : room - 1));
  if (shown.length === 0) return [];
  const isRemote = runs.some(({ worker }) => worker !== null);
  const columns = columnsWithin(inner, isRemote ? [...OTHERS, WORKER] : OTHERS);
  const rows = shown.map((run) =>
    columns.map((column) => ({ text: column.text(run, state), style: 'plain' as const })),
  );
  const table = tableLines('runs', { columns, rows, hasHeadings: true });
  const more = `… and ${pluralize(runs.length - shown.length, 'run')} more`;
  return isCut ? [table, textLine('more', more, 'faint', inner)] : [table];
}

function columnsWithin(inner: number, all: readonly RunColumn[]): RunColumn[] {
  for (let others = all; ; others = withoutLeastImportant(others)) {
    const cells = inner - tableCells(others) - 2;
    if (cells >= MIN_JOB_CELLS || others.length === 0) return [{ ...JOB, cells }, ...others];
  }
}

function withoutLeastImportant(columns: readonly RunColumn[]): readonly RunColumn[] {
  const most = Math.max(...columns.map(({ rank }) => rank));
  return columns.filter(({ rank }) => rank < most);
}
