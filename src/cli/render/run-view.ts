import { formatBytes } from '../../core/lib/format-bytes.ts';
import { formatDuration } from '../../core/lib/format-duration.ts';
import { formatRowValue } from '../../core/lib/format-row-value.ts';
import { pluralize } from '../../core/lib/text.ts';
import { describeRunError } from '../../core/model/describe-error-kind.ts';
import { formatDifferences } from '../../core/model/differences.ts';
import { formatParams } from '../../core/model/params.ts';
import type { OperationOutput } from '../../core/operations/call-operation.ts';
import { formatShortTimestamp, formatTimestamp } from './format.ts';
import { type Column, renderFields, renderTable } from './table.ts';
import type { Colors, Terminal } from './terminal.ts';

/** The colour of a job's or a run's status. */
export function statusColor(colors: Colors, status: string): (text: string) => string {
  switch (status) {
    case 'succeeded':
    case 'completed':
      return colors.green;
    case 'running':
    case 'queued':
      return colors.cyan;
    case 'failed':
    case 'timed_out':
    case 'abandoned':
    case 'invalid':
      return colors.red;
    case 'waiting_retry':
    case 'cancelled':
    case 'missed':
    case 'paused':
      return colors.yellow;
    default:
      return colors.dim;
  }
}

export type Run = OperationOutput<'get_run'>['run'];
type Selectors = OperationOutput<'get_run'>['selectors'];

/** `+3 -1 ~12`: added, removed, changed since the last good run. */
const CHANGED: Column<Run> = {
  title: 'CHANGED',
  value: ({ changes }) => (changes === null ? '' : formatChangeCounts(changes)),
  drop: 1,
};

/** `3/4`: passed checks of all checks. */
const CHECKS: Column<Run> = {
  title: 'CHECKS',
  value: ({ checks }) =>
    checks.length === 0 ? '' : `${checks.filter(({ passed }) => passed).length}/${checks.length}`,
  align: 'right',
  drop: 1,
};

/** The worker on another machine; `-` for this machine. */
const WORKER: Column<Run> = { title: 'WORKER', value: ({ worker }) => worker ?? '-', drop: 2 };

function formatChangeCounts({ added, removed, changed }: NonNullable<Run['changes']>): string {
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
        paint: (text, run) => statusColor(terminal.colors, run.status)(text),
      },
      { title: 'TRIGGER', value: (run) => run.trigger, drop: 3 },
      {
        title: 'STARTED',
        value: (run) => formatStart(run, formatTimestamp),
        short: (run) => formatStart(run, formatShortTimestamp),
        drop: 6,
      },
      { title: 'TOOK', value: (run) => formatDuration(run.duration_ms), align: 'right', drop: 4 },
      { title: 'TRY', value: (run) => `${run.attempt}/${run.max_attempts}`, align: 'right', drop: 1 },
      { title: 'PAGES', value: (run) => String(run.pages), align: 'right', drop: 2 },
      { title: 'ITEMS', value: (run) => String(run.items), align: 'right', drop: 7 },
      ...(runs.some(({ worker }) => worker !== null) ? [WORKER] : []),
      ...(runs.some(({ changes }) => changes !== null) ? [CHANGED] : []),
      ...(runs.some(({ checks }) => checks.length > 0) ? [CHECKS] : []),
      { title: 'RESULT', value: describeResult, flexible: true, drop: 5 },
    ],
    runs,
    terminal,
  );
}

/** Formats a run's outcome in full. */
export function runDetails(
  { run, selectors, warnings }: Pick<OperationOutput<'get_run'>, 'run' | 'selectors' | 'warnings'>,
  terminal: Terminal,
): string {
  return renderFields(
    [
      ['run', run.run_id, terminal.colors.bold],
      ['job', run.job_id],
      ['status', run.status, statusColor(terminal.colors, run.status)],
      ...(run.worker === null ? [] : ([['worker', run.worker]] as const)),
      ...(run.waits_for === null ? [] : ([['waits for', run.waits_for]] as const)),
      ...(run.reason === null ? [] : ([['reason', run.reason]] as const)),
      ...(run.error === null ? [] : ([['error', describeRunError(run.error)]] as const)),
      ...(run.params === undefined ? [] : ([['params', formatParams(run.params)]] as const)),
      ...(run.retry_of === null ? [] : ([['retry of', run.retry_of]] as const)),
      [
        'found',
        `${pluralize(run.items, 'item')} on ${pluralize(run.pages, 'page')} (${formatBytes(run.bytes)}) in ${formatDuration(run.duration_ms)}`,
      ],
      ...run.checks.map(
        ({ passed, message }) =>
          [
            'check',
            `${passed ? 'passed' : 'FAILED'}: ${message}`,
            passed ? terminal.colors.green : terminal.colors.red,
          ] as const,
      ),
      ...(run.changes === null ? [] : ([['changed', describeChanges(run.changes)]] as const)),
      ...describeStoppedSelectors(selectors).map(
        (text) => ['selector', text, terminal.colors.yellow] as const,
      ),
      ...warnings.map((text) => ['warning', text, terminal.colors.yellow] as const),
      ...(run.output_path === null ? [] : ([['output', run.output_path]] as const)),
    ],
    terminal,
  );
}

function describeChanges(changes: NonNullable<Run['changes']>): string {
  return `${formatDifferences(changes) || 'nothing'}, against run ${changes.with_run_id}`;
}

function describeStoppedSelectors(selectors: Selectors): string[] {
  return selectors.flatMap(({ field, usual, stopped }) =>
    stopped ? [`${field} matched nothing (usually ${usual})`] : [],
  );
}

/** A skipped or missed occurrence never started, so only its due time is shown. */
function formatStart(run: Run, format: (instant: string | null) => string): string {
  if (run.status === 'missed' || run.status === 'skipped') return `due ${format(run.scheduled_for)}`;
  return format(run.started_at ?? run.queued_at);
}

function describeResult(run: Run): string {
  if (run.error !== null) return describeRunError(run.error);
  // The output path is more useful than the reason for a late start.
  return run.output_path ?? run.waits_for ?? run.reason ?? '';
}

type Comparison = OperationOutput<'compare_runs'>;
type Example = Comparison['examples'][number];

interface Line {
  kind: Example['kind'];
  item: string;
  field: string;
  before: string;
  after: string;
}

const SIGNS = { added: '+', removed: '-', changed: '~' } as const;

/** The differences between two runs: one line per changed field, one per added or removed item. */
export function differenceTable({ examples, key }: Comparison, terminal: Terminal): string {
  const { colors } = terminal;
  const paint = { added: colors.green, removed: colors.red, changed: colors.yellow };
  return renderTable(
    [
      { title: ' ', value: ({ kind }) => SIGNS[kind], paint: (text, { kind }) => paint[kind](text) },
      { title: key ?? 'ITEM', value: ({ item }) => item, flexible: true },
      { title: 'FIELD', value: ({ field }) => field, flexible: true },
      { title: 'BEFORE', value: ({ before }) => before, flexible: true },
      { title: 'AFTER', value: ({ after }) => after, flexible: true },
    ],
    examples.flatMap((example) => toLines(example, key)),
    terminal,
  );
}

function toLines(
  { kind, key: value, before = {}, after = {}, fields = [] }: Example,
  key: string | null,
): Line[] {
  const fieldText = (item: Record<string, unknown>, field: string) =>
    Object.hasOwn(item, field) ? formatValue(item[field]) : '';
  const item = key === null ? '' : formatValue(value);
  if (kind === 'changed')
    return fields.map((field) => ({
      kind,
      item,
      field,
      before: fieldText(before, field),
      after: fieldText(after, field),
    }));
  const formatSide = (of: Record<string, unknown>) => formatItem(of, key);
  return [{ kind, item, field: '', before: formatSide(before), after: formatSide(after) }];
}

/** The other fields of an added or removed item. */
function formatItem(item: Record<string, unknown>, key: string | null): string {
  return Object.entries(item)
    .filter(([field]) => field !== key)
    .map(([field, value]) => `${field}: ${formatValue(value)}`)
    .join(', ');
}

function formatValue(value: unknown): string {
  return value === null ? 'null' : formatRowValue(value);
}
