import { formatDuration } from '../../core/lib/format-duration.ts';
import type { OperationOutput } from '../../core/operations/call-operation.ts';
import { renderTable } from './table.ts';
import type { Terminal } from './terminal.ts';

type Worker = OperationOutput<'get_scheduler'>['executor']['workers'][number];

/** A difference of clocks from which on it is shown. */
const SHOWN_SKEW_MS = 2_000;

/** The table of workers: what `quickscrape worker list` prints. */
export function workerTable(workers: readonly Worker[], terminal: Terminal): string {
  const { colors } = terminal;
  return renderTable(
    [
      { title: 'WORKER', value: ({ name }) => name },
      {
        title: 'STATE',
        value: ({ state }) => state,
        paint: (text, { state }) => {
          if (state === 'connected') return colors.green(text);
          return state === 'silent' || state === 'unusable' ? colors.red(text) : colors.dim(text);
        },
      },
      { title: 'RUNS', value: formatWorkerLoad, align: 'right' },
      { title: 'TAGS', value: ({ tags }) => tags.join(', ') || '-', flexible: true, drop: 2 },
      { title: 'HEARD', value: formatHeard, drop: 3 },
      { title: 'VERSION', value: ({ version }) => version ?? '-', drop: 1 },
      { title: 'CLOCK', value: formatSkew, drop: 0 },
    ],
    workers,
    terminal,
  );
}

/** A line for each worker that cannot take runs, with the reason. */
export function unusableWorkers(workers: readonly Worker[]): string[] {
  return workers
    .filter(({ state }) => state === 'unusable')
    .map(({ name, problem }) => `Worker ${name} cannot take runs: ${problem}.`);
}

/** `2/4`: it executes two runs and has four slots. */
export function formatWorkerLoad({ running, slots }: Worker): string {
  return slots === 0 ? '-' : `${running}/${slots}`;
}

function formatHeard({ heard_s: seconds }: Worker): string {
  return seconds === null ? 'never' : `${formatDuration(Math.max(1, seconds) * 1000)} ago`;
}

function formatSkew({ skew_ms: skew }: Worker): string {
  if (skew === null || Math.abs(skew) < SHOWN_SKEW_MS) return '-';
  return `${formatDuration(Math.abs(skew))} ${skew > 0 ? 'ahead' : 'behind'}`;
}
