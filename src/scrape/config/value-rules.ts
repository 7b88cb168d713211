import * as z from 'zod';
import { expectationFields } from '../../core/model/expectations.ts';
import { BROKEN_ROWS, VALUE_KINDS } from '../../core/model/value-rules.ts';
import { readInstant } from '../parsers/read-instant.ts';
import { patternInput } from './input-types.ts';

const percent = () => z.number().min(0).max(100);

const bound = () =>
  z.union([
    z.number(),
    z.string().superRefine((text, context) => {
      if (readInstant(text) !== undefined) return;
      context.addIssue({
        code: 'custom',
        message: 'is neither a number nor a date',
        params: { hint: 'Write a number without quotes, or a date such as 2026-11-25.' },
      });
    }),
  ]);

/** The rules on the values of one field, as users write them. */
const fieldRules = z
  .strictObject({
    type: z
      .enum(VALUE_KINDS)
      .optional()
      .describe('What the value in the row must be; url: a web address, text: a string'),
    min: bound().optional().describe('The least number, or the earliest date such as 2026-11-25'),
    max: bound().optional().describe('The largest number, or the latest date'),
    one_of: z
      .array(z.union([z.string(), z.number(), z.boolean()]))
      .min(1)
      .max(10_000)
      .optional()
      .describe('The values that are allowed'),
    pattern: patternInput
      .optional()
      .describe('Must be found anywhere in the value (RE2); ^ and $ stand for its ends'),
    unique: z.boolean().optional().describe('No two rows of a run have the same value'),
    max_unread_percent: percent()
      .optional()
      .describe(
        'In how many of 100 values the text may be unreadable as the type, or by the regex, of the field',
      ),
    max_broken_percent: percent()
      .optional()
      .describe('In how many of 100 rows each of these rules may be broken; default: that of expect'),
  })
  .superRefine((rules, context) => {
    if (Object.entries(rules).some(([key, rule]) => key !== 'max_broken_percent' && rule !== undefined))
      return;
    context.addIssue({
      code: 'custom',
      message: 'has no rule',
      params: { hint: 'Add one, such as min: 0.01, or remove the field.' },
    });
  });

/** `expect` of a configuration, as users write it. */
export const expectInput = z.strictObject({
  ...expectationFields(),
  fields: z.record(z.string(), fieldRules).optional().describe('By field: rules on its values'),
  max_broken_percent: percent()
    .optional()
    .describe('In how many of 100 rows each rule of fields may be broken; default 0'),
  broken_rows: z
    .enum(BROKEN_ROWS)
    .optional()
    .describe('In a run that succeeds: keep rows that break a rule (the default), or drop them'),
});
