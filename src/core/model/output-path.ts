import { isAbsolute, normalize, sep } from 'node:path';
import { QuickscrapeError } from '../lib/errors.ts';
import { formatInstant, wallClock } from '../schedule/engine/instant.ts';
import {
  defaultExtension,
  formatFromPath,
  isGzip,
  isTextFormat,
  type OutputFormat,
} from './output-format.ts';
import { findPathProblem } from './output-path-rules.ts';

/** The placeholders of an output path, and where each value comes from. */
export const OUTPUT_PLACEHOLDERS = [
  'date',
  'time',
  'datetime',
  'timestamp',
  'job_id',
  'run_id',
  'config_name',
] as const;

type Placeholder = (typeof OUTPUT_PLACEHOLDERS)[number];

export interface OutputPathValues {
  /** The scheduled instant, or the instant of the request for a manual run. */
  at: Date;
  timeZone: string;
  jobId: string;
  runId: string;
  configName: string;
}

/**
 * Checks an output path template, such as `prices/{config_name}_{date}.csv`.
 * @throws QuickscrapeError `invalid_params` for an unknown placeholder, a stray brace, an empty path, a name that is
 * not a plain file name ({@link findPathProblem}), a relative path that leaves the output folder, or a compressed file
 * of a format that cannot be compressed
 */
export function checkOutputPath(template: string, field = 'output_path'): void {
  if (template.trim() === '' || template.includes('\0')) {
    throw new QuickscrapeError('invalid_params', `${field} is empty or holds a NUL character`, { field });
  }
  refuseUnusablePath(template, field);
  for (const [, name] of template.matchAll(/\{([^{}]*)\}/g)) {
    if (!isPlaceholder(name ?? '')) {
      throw new QuickscrapeError(
        'invalid_params',
        `${field}: unknown placeholder {${name}} in "${template}"`,
        {
          field,
          hint: `Allowed: ${OUTPUT_PLACEHOLDERS.map((known) => `{${known}}`).join(' ')}`,
        },
      );
    }
  }
  if (/[{}]/.test(template.replaceAll(/\{[^{}]*\}/g, ''))) {
    throw new QuickscrapeError('invalid_params', `${field}: a brace without its partner in "${template}"`, {
      field,
    });
  }
  if (!isAbsolute(template) && normalize(template).split(sep)[0] === '..') {
    throw new QuickscrapeError('invalid_params', `${field}: "${template}" leaves the output folder`, {
      field,
      hint: 'A relative path stays inside output/; to write elsewhere give an absolute path.',
    });
  }
  refuseGzip(template, formatFromPath(template), field);
}

/**
 * Workbooks are compressed already, and a database needs random access.
 * @throws QuickscrapeError `invalid_params` for a path ending in `.gz` with such a format
 */
export function refuseGzip(path: string, format: OutputFormat | undefined, field: string): void {
  if (!isGzip(path) || format === undefined || isTextFormat(format)) return;
  throw new QuickscrapeError(
    'invalid_params',
    `${field}: "${path}" ends in .gz, and ${format} is not compressed`,
    {
      field,
      hint: `End the path in ${defaultExtension(format)}. csv, json and jsonl can end in .gz.`,
    },
  );
}

/**
 * Fills in the placeholders: `{date}` 2026-11-25, `{time}` 09-00-00, `{datetime}` 2026-11-25_09-00-00 (all in the job's
 * time zone), `{timestamp}` seconds since 1970, and the three names.
 * @throws QuickscrapeError `invalid_params` as {@link checkOutputPath}, also for problems that only the values cause
 */
export function renderOutputPath(template: string, values: OutputPathValues): string {
  checkOutputPath(template);
  const wall = wallClock(values.at, values.timeZone);
  const two = (part: number) => String(part).padStart(2, '0');
  const date = formatInstant(values.at, values.timeZone).slice(0, 10);
  const time = `${two(wall.hour)}-${two(wall.minute)}-${two(wall.second)}`;
  const filled: Record<Placeholder, string> = {
    date,
    time,
    datetime: `${date}_${time}`,
    timestamp: String(Math.floor(values.at.getTime() / 1000)),
    job_id: values.jobId,
    run_id: values.runId,
    config_name: values.configName,
  };
  const path = template.replaceAll(/\{([^{}]*)\}/g, (whole, name: string) =>
    isPlaceholder(name) ? filled[name] : whole,
  );
  refuseUnusablePath(path, 'output_path');
  return path;
}

function refuseUnusablePath(path: string, field: string): void {
  const surprise = findPathProblem(path);
  if (surprise === undefined) return;
  throw new QuickscrapeError('invalid_params', `${field}: ${surprise.why}`, { field, hint: surprise.hint });
}

function isPlaceholder(name: string): name is Placeholder {
  return (OUTPUT_PLACEHOLDERS as readonly string[]).includes(name);
}
