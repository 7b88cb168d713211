import { extname } from 'node:path';
import { QuickscrapeError } from '../core/errors.ts';

const LATER: Readonly<Record<string, string>> = {
  '.xlsx': 'excel',
  '.xls': 'excel',
  '.sqlite': 'sqlite',
  '.sqlite3': 'sqlite',
  '.db': 'sqlite',
};

/**
 * A path whose ending asks for a format that does not exist yet must not become a CSV file of that name.
 * @param format the format that a flag names: it decides, whatever the path's ending
 * @throws QuickscrapeError `invalid_params`
 */
export function refuseLaterFormat(format: string | undefined, path: string | undefined): void {
  const later = LATER[extname(path ?? '').toLowerCase()];
  if (later === undefined || format) return;
  throw new QuickscrapeError(
    'invalid_params',
    `output_path: "${path}" is a file of the format ${later}; it must be one of csv, json, jsonl (excel and sqlite are not yet available in this version)`,
    {
      field: 'output_path',
      hint: 'End the path in .csv, .json or .jsonl, or name a format with --output-format.',
    },
  );
}
