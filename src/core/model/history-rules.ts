import * as z from 'zod';
import { once } from '../lib/once.ts';
import type { ChangeRules } from './change-rules.ts';

/** The most fields with a history. */
export const MAX_HISTORY_FIELDS = 20;

/** Which values of a job's rows are kept permanently: `history` of a configuration. */
export interface HistoryRules extends Pick<ChangeRules, 'key' | 'ignore_case' | 'ignore_whitespace'> {
  /** Their changed values are kept. At least one. */
  fields: readonly string[];
}

const fieldName = z.string().min(1);

/** `history` of a configuration, as users write it. */
export const historyInput = once(() =>
  z
    .union([fieldName, z.array(fieldName).min(1).max(MAX_HISTORY_FIELDS)])
    .describe(
      'The field or fields whose changed values are kept permanently, with their times; needs changes.key or output.key',
    ),
);

/** @param changes with the key of the configuration */
export function completeHistory(
  history: z.output<ReturnType<typeof historyInput>>,
  { key, ignore_case, ignore_whitespace }: Omit<HistoryRules, 'fields'>,
): HistoryRules {
  return { fields: [...new Set([history].flat())], key, ignore_case, ignore_whitespace };
}
