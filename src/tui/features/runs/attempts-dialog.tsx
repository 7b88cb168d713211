import { withHint } from '../../../core/lib/text.ts';
import { describeErrorKind } from '../../../core/model/describe-error-kind.ts';
import type { RunStatus } from '../../../core/model/run-record.ts';
import { STATUS_DISPLAY } from '../../home/job-state-display.ts';
import type { DialogOf, Reducer, State, Step } from '../../kernel/model.ts';
import { closeDialog, openDialog, step } from '../../kernel/step.ts';
import { boxColumns, centerRect, Overlay, type OverlayLine, textLine } from '../../ui/components/overlay.tsx';
import { type TextColumn, tableCells, tableLines } from '../../ui/components/text-table.tsx';
import { CLOCK_TIME_CELLS, formatClockTime, formatRunDuration } from '../../ui/format.ts';
import { keyOf } from '../../ui/input.ts';
import { clamp, listMove, overlayRows } from '../../ui/scroll.ts';
import type { TextSpan } from '../../ui/styled-row.ts';
import { wrapText } from '../../ui/text/fit.ts';
import type { DialogProps, DialogRules } from '../define-feature.ts';
import type { Attempt, AttemptsAnswer } from './model.ts';

/** Opens the attempts of a run, and reads them. */
export function openAttempts(state: State, jobId: string, runId: string): Step {
  const { state: opened } = openDialog(state, { kind: 'attempts', jobId, runId, answer: undefined, top: 0 });
  return readAttempts(opened, runId);
}

function readAttempts(state: State, run_id: string): Step {
  const params = { run_id, log_lines: 0, sample_items: 0 };
  return step(state, { kind: 'call', name: 'get_run', params, tag: tagOf(run_id), quiet: true });
}

function tagOf(runId: string): string {
  return `attempts.${runId}`;
}

/** Records the attempts, and reads them again when the job has changed. */
export const attemptsReducer: Reducer = (state, event) => {
  const { dialog } = state;
  if (dialog?.kind !== 'attempts') return step(state);
  if (event.kind === 'home' && event.changed.includes(dialog.jobId)) return readAttempts(state, dialog.runId);
  if (event.kind !== 'answer' || event.name !== 'get_run' || event.tag !== tagOf(dialog.runId))
    return step(state);
  const answer: AttemptsAnswer = event.ok
    ? event.output.attempts
    : { problem: withHint(event.failure.message, event.failure.hint) };
  return step({ ...state, dialog: { ...dialog, answer } });
};

export const attemptsRules: DialogRules<'attempts'> = {
  onInput(state, dialog, input) {
    if (CLOSING.includes(keyOf(input))) return closeDialog(state);
    const move = listMove(input);
    if (move === undefined) return step(state);
    const count = attemptsOf(dialog).length;
    const top = clamp(dialog.top + move, 0, Math.max(0, count - overlayRows(state)));
    return step({ ...state, dialog: { ...dialog, top } });
  },
};

const CLOSING: readonly string[] = ['escape', 'enter', 'q'];
const MAX_COLUMNS = 96;

export function AttemptsDialog({ state, dialog, body }: DialogProps<'attempts'>) {
  const inner = boxColumns(body, MAX_COLUMNS) - 4;
  const lines = attemptLines(state, dialog, inner);
  const height = lines.reduce((sum, { rows = 1 }) => sum + rows, 0);
  const rect = centerRect(body, MAX_COLUMNS, height + 2);
  const count = attemptsOf(dialog).length;
  const scroll = { top: dialog.top, height: overlayRows(state), count };
  return <Overlay rect={rect} title={`Attempts of ${dialog.runId}`} lines={lines} scroll={scroll} />;
}

function attemptLines(state: State, dialog: DialogOf<'attempts'>, inner: number): OverlayLine[] {
  const { answer, top } = dialog;
  if (answer === undefined) return [textLine('reading', 'Reading the attempts…', 'faint', inner)];
  if ('problem' in answer)
    return wrapText(answer.problem, inner).map((text, line) => textLine(`${line}`, text, 'bad', inner));
  const attempts = attemptsOf(dialog).slice(top, top + overlayRows(state));
  if (attempts.length === 0)
    return [
      textLine(
        'none',
        'Each try of the run is listed here. It has not started yet: Esc goes back.',
        'faint',
        inner,
      ),
    ];
  const isRemote = attemptsOf(dialog).some(({ worker }) => worker !== null);
  const columns = columnsWithin(inner, isRemote ? [...MIDDLE, WORKER] : MIDDLE);
  const rows = attempts.map((attempt) => columns.map((column) => column.span(attempt, state)));
  return [tableLines('attempts', { columns, rows, hasHeadings: true })];
}

function attemptsOf({ answer }: DialogOf<'attempts'>): readonly Attempt[] {
  return answer === undefined || 'problem' in answer ? [] : answer;
}

interface AttemptColumn extends TextColumn {
  span(attempt: Attempt, state: State): TextSpan;
}

const plain = (text: string): TextSpan => ({ text, style: 'plain' });

const FIRST: readonly AttemptColumn[] = [
  { title: 'TRY', cells: 3, align: 'right', span: ({ attempt }) => plain(String(attempt)) },
  {
    title: 'OUTCOME',
    cells: 12,
    span: ({ status }) => {
      const { icon, word, style } = STATUS_DISPLAY[status as RunStatus];
      return { text: `${icon} ${word}`, style };
    },
  },
];
const MIDDLE: readonly AttemptColumn[] = [
  {
    title: 'STARTED',
    cells: CLOCK_TIME_CELLS,
    span: ({ started_at }, { now, timezone }) =>
      plain(formatClockTime(Date.parse(started_at), now, timezone)),
  },
  { title: 'TOOK', cells: 7, span: ({ duration_ms }) => plain(formatRunDuration(duration_ms)) },
  {
    title: 'ITEMS',
    cells: 7,
    align: 'right',
    span: ({ items }) => plain(items.toLocaleString('en-US')),
  },
  {
    title: 'PAGES',
    cells: 5,
    align: 'right',
    span: ({ pages }) => plain(pages.toLocaleString('en-US')),
  },
];
const WORKER: AttemptColumn = {
  title: 'WORKER',
  cells: 14,
  span: ({ worker }) => plain(worker ?? '-'),
};
const MIN_WHY_CELLS = 12;

/** On a narrow screen only the outcomes and their reasons. */
function columnsWithin(inner: number, middle: readonly AttemptColumn[]): readonly AttemptColumn[] {
  const all = [...FIRST, ...middle];
  const columns = inner - tableCells(all) - 2 < MIN_WHY_CELLS ? FIRST : all;
  const why: AttemptColumn = {
    title: 'WHY',
    cells: inner - tableCells(columns) - 2,
    span: ({ error }) => ({ text: error === null ? '' : describeErrorKind(error.kind), style: 'bad' }),
  };
  return [...columns, why];
}
