import * as z from 'zod';
import { tryParseJson } from '../lib/json.ts';
import { once } from '../lib/once.ts';

const count = once(() => z.int().min(0));

/** The differences between a run's items and those of the last good run before it. */
export const differencesOutput = once(() =>
  z.object({
    with_run_id: z.string(),
    key: z
      .string()
      .nullable()
      .describe('The field, or fields, that items were told apart by; null: compared as a whole'),
    added: count(),
    removed: count(),
    changed: count(),
    unchanged: count(),
  }),
);
export type RunDifferences = z.infer<ReturnType<typeof differencesOutput>>;

/** Whether there are any differences. */
export function hasDifferences(differences: RunDifferences | null): boolean {
  return differences !== null && differences.added + differences.removed + differences.changed > 0;
}

/** Parses a database row's differences; `null` for a text that this program does not write. */
export function readDifferences(text: string | null): RunDifferences | null {
  if (text === null) return null;
  const value = tryParseJson(text) as Partial<RunDifferences> | null | undefined;
  const { with_run_id, key = null, added, removed, changed, unchanged } = value ?? {};
  const counts = [added, removed, changed, unchanged];
  if (typeof with_run_id !== 'string' || !counts.every((one) => typeof one === 'number')) return null;
  return { with_run_id, key, added, removed, changed, unchanged } as RunDifferences;
}

/** Formats as `3 added, 1 removed, 12 changed`; empty when there are no differences. */
export function formatDifferences({ added, removed, changed }: RunDifferences): string {
  const parts = [
    [added, 'added'],
    [removed, 'removed'],
    [changed, 'changed'],
  ] as const;
  return parts
    .filter(([number]) => number > 0)
    .map(([number, word]) => `${number.toLocaleString('en-US')} ${word}`)
    .join(', ');
}
