import { extname } from 'node:path';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import type { OutputFormat } from '../../core/model/output-format.ts';

/**
 * A path whose ending asks for a format that is not written must not become a CSV file of that name.
 * @param format the format that a flag names: it decides, whatever the path's ending
 * @throws QuickscrapeError `invalid_params`
 */
export function rejectXlsPath(format: string | undefined, path: string | undefined): void {
  if (extname(path ?? '').toLowerCase() !== '.xls' || format) return;
  throw new QuickscrapeError(
    'invalid_params',
    `output_path: "${path}" is a file of Excel before 2007, which is not written`,
    { field: 'output_path', hint: 'End the path in .xlsx, or name a format with --output-format.' },
  );
}

export interface ScrapeFlags {
  outputFormat?: OutputFormat;
  outputPath?: string;
  maxPages?: number;
  sample?: number;
  delay?: number;
  timeout?: number;
  userAgent?: string;
  verbose?: boolean;
  quiet?: boolean;
  backend?: 'auto' | 'requests' | 'cloudscraper' | 'browser' | 'playwright' | 'http';
}
