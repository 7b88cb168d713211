import * as z from 'zod';
import { once } from '../lib/once.ts';
import type { ValueExpectations } from './value-rules.ts';

const PERCENT = 'a number from 0 to 100';
const FILL = 'a number from 1 to 100 (per cent)';
const COUNT = 'a whole number from 0 to 1000000000';
const BOOLEAN = 'true or false';
const SINCE = 'an instant with its offset, such as 2026-11-25T08:00:00Z';
const NAME = 'a string of at most 200 characters';

const fieldName = () => z.string({ error: NAME }).max(200, { error: NAME });
// A share such as 0.9 would be read as 0.9 %, and its check would never fail. Users mean 90.
const fillPercent = () => z.number({ error: FILL }).min(1, { error: FILL }).max(100, { error: FILL });

/** What a run must deliver to succeed. Percentages are from 0 to 100. */
export interface JobExpectationFields {
  allow_empty?: boolean | undefined;
  min_items?: number | undefined;
  /** Fields filled in every item. */
  required_fields?: string[] | undefined;
  /** Per cent fewer items than the median of the last ten good runs. */
  max_drop_percent?: number | undefined;
  /** Whether less than half of the usual, with a selector that has stopped matching, is a failure. */
  likely_broken?: boolean | undefined;
  /** By field: in how many of 100 items it is filled at least. */
  min_fill_percent?: Record<string, number> | undefined;
  /** Whether a run is attempted again when something is not met. */
  retry?: boolean | undefined;
  /** Runs before this instant (ISO 8601 with its offset) do not count for what is usual. */
  usual_since?: string | undefined;
}

/** The keys of `expect` that a configuration and a job have: what a run must deliver to succeed. */
export const expectationFields = once(() => ({
  allow_empty: z.boolean({ error: BOOLEAN }).optional().describe('A run without items is not a failure'),
  min_items: z
    .number({ error: COUNT })
    .int({ error: COUNT })
    .min(0, { error: COUNT })
    .max(1_000_000_000, { error: COUNT })
    .optional()
    .describe('With fewer items a run has failed'),
  required_fields: z
    .array(fieldName(), { error: 'an array of strings' })
    .optional()
    .describe('Fields filled in every item'),
  min_fill_percent: z
    .record(fieldName(), fillPercent(), { error: 'an object: percentages by field' })
    .optional()
    .describe('By field: in how many of 100 items it is filled at least'),
  max_drop_percent: z
    .number({ error: PERCENT })
    .min(0, { error: PERCENT })
    .max(100, { error: PERCENT })
    .optional()
    .describe('Per cent fewer items than the median of the last ten good runs'),
  likely_broken: z
    .boolean({ error: BOOLEAN })
    .optional()
    .describe(
      'Whether less than half of the usual, with a selector that has stopped matching, is a failure; it is unless min_items or max_drop_percent is given',
    ),
}));

/** The keys of `expect` in a job. They also decide about attempts, and which of its runs form the baseline. */
export const jobExpectationFields = once(() => ({
  ...expectationFields(),
  min_fill_percent: z.preprocess(percentsByField, expectationFields().min_fill_percent),
  retry: z.boolean({ error: BOOLEAN }).optional().describe('Attempt again when something is not met'),
  usual_since: z.iso
    .datetime({ offset: true, error: SINCE })
    .optional()
    .describe('Runs before this instant do not count for what is usual'),
}));

/**
 * Converts `[{ name, value }]` to `{ name: value }`. Assistants whose tools do not support objects with arbitrary keys
 * send a list. Errors refer to the list's entries.
 */
function percentsByField(given: unknown, context: z.RefinementCtx): unknown {
  if (!Array.isArray(given)) return given;
  const { data, error } = percentList().safeParse(given);
  for (const issue of error?.issues ?? [])
    context.addIssue({ ...issue } as Parameters<typeof context.addIssue>[0]);
  return data === undefined ? z.NEVER : Object.fromEntries(data.map(({ name, value }) => [name, value]));
}

const FIELD = 'the name of a field, which no other entry has';

export const percentList = once(() =>
  z
    .array(
      z.strictObject(
        {
          name: fieldName()
            .refine((name) => name !== '__proto__', { error: FIELD })
            .describe('The name of a field'),
          value: fillPercent().describe('In how many of 100 items it is filled at least'),
        },
        { error: (issue) => (issue.code === 'invalid_type' ? 'an object with name and value' : undefined) },
      ),
    )
    .superRefine((entries, context) => {
      for (const [at, { name }] of entries.entries())
        if (entries.findIndex((entry) => entry.name === name) < at)
          context.addIssue({ code: 'custom', path: [at, 'name'], message: FIELD });
    }),
);

/** The `expect` of a configuration. */
export type Expectations = z.output<z.ZodObject<ReturnType<typeof expectationFields>>> & ValueExpectations;
/** The `expect` of a job. */
export type JobExpectFields = z.output<z.ZodObject<ReturnType<typeof jobExpectationFields>>>;

/** Merges the expectations for a run: the job's values override its configuration's. */
export function mergeExpectations(config: Expectations, job: JobExpectFields | null): Expectations {
  const { retry: _retry, usual_since: _since, ...expected } = job ?? {};
  return { ...config, ...expected };
}

/**
 * Whether a run is compared with its baseline. `likely_broken` decides. By default it is compared unless `min_items` or
 * `max_drop_percent` is given.
 */
export function needsBaseline({
  likely_broken,
  min_items,
  max_drop_percent,
}: Pick<Expectations, 'likely_broken' | 'min_items' | 'max_drop_percent'>): boolean {
  return likely_broken ?? (min_items === undefined && max_drop_percent === undefined);
}

/** Returns the fields that have an expectation, each once. */
export function expectedFields({ required_fields = [], min_fill_percent = {} }: Expectations): string[] {
  return [...new Set([...required_fields, ...Object.keys(min_fill_percent)])];
}
