import { pluralize } from '../../../core/lib/text.ts';
import type { OperationOutput } from '../../../core/operations/call-operation.ts';
import type { RunOutput } from '../../../core/operations/run-output.ts';
import type { Series } from './series.ts';

/** Of each run that was read, by its id: the median of each field whose values are numbers. */
export type FieldMedians = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** Each run's items are read whole, so only those of the newest runs are. */
export const MAX_MEDIAN_RUNS = 30;
const MAX_FIELDS = 6;

/** The runs whose items have medians, the newest first. */
export function runsWithMedians(listed: readonly RunOutput[]): readonly RunOutput[] {
  return listed.filter(({ status, items }) => status === 'succeeded' && items > 0).slice(0, MAX_MEDIAN_RUNS);
}

/** The medians of the fields that hold numbers, or texts with one, in at least half of their values. */
export function mediansOf(stats: OperationOutput<'list_items'>['stats'] = []): Record<string, number> {
  return Object.fromEntries(
    stats.flatMap(({ field, filled, numbers = 0, median }) =>
      median === undefined || numbers * 2 < filled ? [] : [[field, median] as const],
    ),
  );
}

/** `up to 2 runs a bar` */
export function runsPerBar(count: number): string {
  return `up to ${pluralize(count, 'run')} a bar`;
}

/** A series for each of the first fields that have a median in two runs or more. @param runs the oldest first */
export function medianSeries(
  runs: readonly RunOutput[],
  medians: FieldMedians,
): (Series & { key: `median:${string}` })[] {
  const known = runs.flatMap(({ run_id }) => Object.keys(medians[run_id] ?? {}));
  const counts = new Map<string, number>();
  for (const field of known) counts.set(field, (counts.get(field) ?? 0) + 1);
  return [...counts]
    .filter(([, count]) => count > 1)
    .slice(0, MAX_FIELDS)
    .map(([field]) => ({
      key: `median:${field}`,
      name: field,
      about: ['median of the items'],
      values: runs.map(({ run_id }) => medians[run_id]?.[field] ?? null),
      perBar: runsPerBar,
      format: (value, more = 0) => value.toLocaleString('en-US', { maximumFractionDigits: 2 + more }),
    }));
}
