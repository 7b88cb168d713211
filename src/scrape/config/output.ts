import * as z from 'zod';
import { QuickscrapeError } from '../../core/errors.ts';
import { checkOutputPath } from '../../core/run/output-path.ts';

/** Where and how the rows are written. `path` may hold placeholders (core/run/output-path.ts). */
export interface OutputSettings {
  /** What is not said follows the path's ending, else the settings (with-settings.ts). */
  format?: 'csv' | 'json' | 'jsonl';
  path?: string;
  append: boolean;
  /** One character; for csv. */
  delimiter: string;
  encoding: 'utf-8';
}

export const outputInput = z.strictObject({
  format: z.enum(['csv', 'json', 'jsonl']).optional(),
  path: z
    .string()
    .superRefine(checkPath)
    .optional()
    .describe('File to write; {date}, {time}, {job_id} … are filled in'),
  append: z.boolean().default(false).describe('Add to the file instead of replacing it'),
  delimiter: z
    .string()
    .superRefine(checkDelimiter)
    .default(',')
    .describe('One character between csv columns; \\t is a tab'),
  encoding: z.enum(['utf-8']).default('utf-8'),
});

function checkPath(path: string, context: z.RefinementCtx): void {
  try {
    checkOutputPath(path, 'output.path');
  } catch (error) {
    if (!(error instanceof QuickscrapeError)) throw error;
    context.addIssue({
      code: 'custom',
      message: error.message.replace(/^output\.path:? /, ''),
      params: { hint: error.hint },
    });
  }
}

function checkDelimiter(delimiter: string, context: z.RefinementCtx): void {
  if (delimiter === '\\t' || (delimiter.length === 1 && !/["\r\n\0]/.test(delimiter))) return;
  context.addIssue({
    code: 'custom',
    message: 'the delimiter must be one character, and neither a quote nor a line break',
    params: { hint: 'Usual ones: "," ";" "|" and "\\t" for a tab.' },
  });
}

export function completeOutput(input: z.output<typeof outputInput>): OutputSettings {
  const { format, path, delimiter, ...rest } = input;
  return {
    ...rest,
    delimiter: delimiter === '\\t' ? '\t' : delimiter,
    ...(format !== undefined && { format }),
    ...(path !== undefined && { path }),
  };
}
