import { extname } from 'node:path';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import type { OutputFormat } from '../../core/model/output-format.ts';

/**
 * Rejects a `.xls` path: that format is not supported, and a CSV file must not get this extension.
 * @param format the format of a flag: it overrides the path's extension
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
