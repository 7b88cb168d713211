import { QuickscrapeError } from '../../core/lib/errors.ts';
import { OUTPUT_FORMATS, type OutputFormat } from '../../core/model/output-format.ts';

export interface WizardFlags {
  yes?: boolean;
  name?: string;
  outputFormat?: OutputFormat;
  maxPages?: string;
}

export function maxPagesFrom({ maxPages }: WizardFlags): number | undefined {
  return maxPages === undefined ? undefined : Number(maxPages);
}

/** @throws QuickscrapeError `invalid_params` */
export function checkWizardFlags({ outputFormat, maxPages }: WizardFlags): void {
  if (outputFormat !== undefined && !OUTPUT_FORMATS.includes(outputFormat))
    throw invalidArguments(
      `--output-format: ${outputFormat} is no format`,
      `One of: ${OUTPUT_FORMATS.join(', ')}.`,
    );
  if (maxPages !== undefined && !/^[1-9]\d{0,5}$/.test(maxPages))
    throw invalidArguments(`--max-pages: ${maxPages} is no number of pages`, 'A whole number from 1 on.');
}

/** A command line that cannot be carried out. */
export function invalidArguments(message: string, hint: string): QuickscrapeError {
  return new QuickscrapeError('invalid_params', message, { hint });
}
