import { countWords } from '../core/count-words.ts';
import { durationWords } from '../core/duration-words.ts';
import type { OperationOutput } from '../core/operations/call-operation.ts';
import { differenceWords } from '../core/run/differences.ts';
import { paintStatus } from './status-paint.ts';
import { type Column, renderFields, renderTable } from './table.ts';
import type { Terminal } from './terminal.ts';
import { byteWords, instantWords, shortInstant } from './words.ts';

export type Run = OperationOutput<'get_run'>['run'];
type Selectors = OperationOutput<'get_run'>['selectors'];

/** `+3 -1 ~12`: added, removed, changed since the last good run. */
const CHANGED: Column<Run> = {
  title: 'CHANGED',
  value: ({ changes }) => (changes === null ? '' : shortDifferences(changes)),
  drop: 1,
};

/** `3/4`: so many checks passed. */
const CHECKS: Column<Run> = {
  title: 'CHECKS',
  value: ({ checks }) =>
    checks.length === 0 ? '' : `${checks.filter(({ passed }) => passed).length}/${checks.length}`,
  align: 'right',
  drop: 1,
};

function shortDifferences({ added, removed, changed }: NonNullable<Run['changes']>): string {
  const parts = [added && `+${added}`, removed && `-${removed}`, changed && `~${changed}`];
  return parts.filter((part) => part !== 0).join(' ') || '=';
}

export function runTable(runs: readonly Run[], terminal: Terminal): string {
  return renderTable(
    [
      { title: 'RUN', value: (run) => run.run_id },
      {
        title: 'STATUS',
        value: (run) => run.status,
        drop: 8,
        paint: (text, run) => paintStatus(terminal.colors, run.status)(text),
      },
      { title: 'TRIGGER', value: (run) => run.trigger, drop: 3 },
      {
        title: 'STARTED',
        value: (run) => startWords(run, instantWords),
        short: (run) => startWords(run, shortInstant),
        drop: 6,
      },
      { title: 'TOOK', value: (run) => durationWords(run.duration_ms), align: 'right', drop: 4 },
      { title: 'TRY', value: (run) => `${run.attempt}/${run.max_attempts}`, align: 'right', drop: 1 },
      { title: 'PAGES', value: (run) => String(run.pages), align: 'right', drop: 2 },
      { title: 'ITEMS', value: (run) => String(run.items), align: 'right', drop: 7 },
      ...(runs.some(({ changes }) => changes !== null) ? [CHANGED] : []),
      ...(runs.some(({ checks }) => checks.length > 0) ? [CHECKS] : []),
      { title: 'RESULT', value: resultWords, flexible: true, drop: 5 },
    ],
    runs,
    terminal,
  );
}

/** How a run ended, in full. */
export function runDetails(
  { run, selectors, warnings }: Pick<OperationOutput<'get_run'>, 'run' | 'selectors' | 'warnings'>,
  terminal: Terminal,
): string {
  return renderFields(
    [
      ['run', run.run_id, terminal.colors.bold],
      ['job', run.job_id],
      ['status', run.status, paintStatus(terminal.colors, run.status)],
      ...(run.waits_for === null ? [] : ([['waits for', run.waits_for]] as const)),
      ...(run.reason === null ? [] : ([['reason', run.reason]] as const)),
      ...(run.error === null ? [] : ([['error', `${run.error.kind}: ${run.error.message}`]] as const)),
      ...(run.retry_of === null ? [] : ([['retry of', run.retry_of]] as const)),
      [
        'found',
        `${countWords(run.items, 'item')} on ${countWords(run.pages, 'page')} (${byteWords(run.bytes)}) in ${durationWords(run.duration_ms)}`,
      ],
      ...run.checks.map(
        ({ passed, message }) =>
          [
            'check',
            `${passed ? 'passed' : 'FAILED'}: ${message}`,
            passed ? terminal.colors.green : terminal.colors.red,
          ] as const,
      ),
      ...(run.changes === null ? [] : ([['changed', changedWords(run.changes)]] as const)),
      ...stoppedSelectors(selectors).map((text) => ['selector', text, terminal.colors.yellow] as const),
      ...warnings.map((text) => ['warning', text, terminal.colors.yellow] as const),
      ...(run.output_path === null ? [] : ([['output', run.output_path]] as const)),
    ],
    terminal,
  );
}

function changedWords(changes: NonNullable<Run['changes']>): string {
  return `${differenceWords(changes) || 'nothing'}, against run ${changes.with_run_id}`;
}

function stoppedSelectors(selectors: Selectors): string[] {
  return selectors.flatMap(({ field, usual, stopped }) =>
    stopped ? [`${field} matched nothing (usually ${usual})`] : [],
  );
}

/** An occurrence that was passed over never started: all that there is to say is when it was due. */
function startWords(run: Run, words: (instant: string | null) => string): string {
  if (run.status === 'missed' || run.status === 'skipped') return `due ${words(run.scheduled_for)}`;
  return words(run.started_at ?? run.queued_at);
}

function resultWords(run: Run): string {
  if (run.error !== null) return `${run.error.kind}: ${run.error.message}`;
  // Why it started late says less than where its items are.
  return run.output_path ?? run.waits_for ?? run.reason ?? '';
}
