import * as z from 'zod';
import {
  FORMAT_NAMES,
  OUTPUT_FORMATS,
  type OutputFormat,
  resolveFormatAlias,
} from '../../core/model/output-format.ts';
import { findTemplateProblem } from '../../core/model/output-path.ts';

/** `new`: rows that no run before has written; `changed`: also those that differ from what was written. */
export type OnlyRows = 'new' | 'changed';

/** Where and how the rows are written. `path` may contain placeholders (core/model/output-path.ts). */
export interface OutputSettings {
  /** If absent, the path's ending decides, then the settings (`applySettings`). */
  format?: OutputFormat;
  path?: string;
  /** Append to the existing output. Default: true if there is a `key` or `only`. */
  append: boolean;
  /** One character; csv only. If absent, the path's ending decides. */
  delimiter?: string;
  encoding: 'utf-8';
  /** csv only: a byte order mark before the header. */
  bom: boolean;
  /** csv only: texts that a spreadsheet would treat as formulas are prefixed with a quote. */
  escape_formulas: boolean;
  /** Name of the table (sqlite) or of the sheet (excel). Default: the configuration's name. */
  table?: string;
  /** sqlite only: the fields that identify a row; empty if rows are only added. */
  key: string[];
  /** Which of a run's rows a job writes. If absent, all. */
  only?: OnlyRows;
}

const fieldName = z.string().min(1);

export const outputInput = z.strictObject({
  format: z
    .preprocess(resolveFormatAlias, z.enum(OUTPUT_FORMATS))
    .meta({ type: 'string', enum: FORMAT_NAMES })
    .optional()
    .describe('How rows are written; default: by the ending of path. xlsx, db and ndjson are other names'),
  path: z
    .string()
    .superRefine(checkPath)
    .optional()
    .describe('File to write; {date}, {time}, {job_id} … are filled in'),
  append: z
    .boolean()
    .optional()
    .describe('Add to the file instead of replacing it; default false, and true with a key or only'),
  delimiter: z
    .string()
    .superRefine(checkDelimiter)
    .optional()
    .describe('One character between csv columns; \\t is a tab'),
  encoding: z.enum(['utf-8']).default('utf-8').describe('Encoding of text files'),
  bom: z.boolean().default(false).describe('csv: a byte order mark, so that Excel recognizes UTF-8'),
  escape_formulas: z
    .boolean()
    .default(true)
    .describe('csv: a quote before texts that a spreadsheet would run as formulas'),
  table: z
    .string()
    .superRefine(checkTable)
    .optional()
    .describe('Name of the table (sqlite) or the sheet (excel); default: the name of the configuration'),
  key: z
    .union([fieldName, z.array(fieldName).min(1)])
    .optional()
    .describe(
      'The field or fields that identify a row, also across runs; sqlite: known rows are updated, others added',
    ),
  only: z
    .enum(['new', 'changed'])
    .optional()
    .describe(
      'csv and jsonl, with a key: a job adds only rows that no run before has written; changed: also those that have changed since',
    ),
});

function checkPath(path: string, context: z.RefinementCtx): void {
  const problem = findTemplateProblem(path);
  if (problem === undefined) return;
  context.addIssue({ code: 'custom', message: problem.reason, params: { hint: problem.hint } });
}

function checkDelimiter(delimiter: string, context: z.RefinementCtx): void {
  if (delimiter === '\\t' || (delimiter.length === 1 && !/["\r\n\0]/.test(delimiter))) return;
  context.addIssue({
    code: 'custom',
    message: 'the delimiter must be one character, and neither a quote nor a line break',
    params: { hint: 'Usual ones: "," ";" "|" and "\\t" for a tab.' },
  });
}

function checkTable(table: string, context: z.RefinementCtx): void {
  if (/\S/.test(table) && !/\p{Cc}/u.test(table) && !/^sqlite_/i.test(table)) return;
  context.addIssue({
    code: 'custom',
    message: 'a table needs a name of printable characters, which does not begin with "sqlite_"',
    params: { hint: 'For example: table: books' },
  });
}

export function completeOutput(input: z.output<typeof outputInput>): OutputSettings {
  const { format, path, delimiter, append, table, key = [], only, ...rest } = input;
  return {
    ...rest,
    append: append ?? (key.length > 0 || only !== undefined),
    key: typeof key === 'string' ? [key] : key,
    ...(delimiter !== undefined && { delimiter: delimiter === '\\t' ? '\t' : delimiter }),
    ...(format !== undefined && { format }),
    ...(path !== undefined && { path }),
    ...(table !== undefined && { table }),
    ...(only !== undefined && { only }),
  };
}
