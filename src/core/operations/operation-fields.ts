import * as z from 'zod';
import { MAX_CONFIG_BYTES } from '../configs/config-values.ts';
import { FILTER_FIELDS } from '../jobs/filter/filter-terms.ts';
import { JOB_STATES } from '../jobs/job-display-state.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import { once } from '../lib/once.ts';
import { refineWith } from '../model/input-errors.ts';
import { formatInstant } from '../schedule/engine/instant.ts';

export const jobIdInput = once(() =>
  z.string().min(1).describe('The whole id of the job (list_jobs shows it)'),
);
export const runIdInput = once(() => z.string().min(1).describe('The id of the run (list_runs shows it)'));
export const ifRevisionInput = once(() =>
  z.int().min(1).optional().describe('Only when the job still has this revision; otherwise conflict'),
);

/** A filter in the language of the dashboard (parse-filter.ts). */
export const filterInput = once(() =>
  z
    .string()
    .max(2_000)
    .describe(
      'Terms that all must match, as in the dashboard, such as state:bad host:shop.example !tag:x. ' +
        `Fields: ${FILTER_FIELDS.map(({ example }) => example).join(', ')}. States: ${JOB_STATES.join(', ')}`,
    ),
);

export const configNameInput = once(() =>
  z.string().min(1).describe('The whole name of the configuration (list_configs shows it)'),
);

/** The text of a configuration, as input. */
export const yamlInput = once(() =>
  z
    .string()
    .min(1)
    .max(MAX_CONFIG_BYTES)
    .superRefine(refineWith(assertText))
    .describe(
      "The whole YAML 1.2 text, at most 2 MB, such as {url: 'https://shop.example/', item: li.book, selectors: " +
        '{title: h3, link: {selector: a, attribute: href}}}',
    ),
);

function assertText(yaml: string): void {
  // Longer texts are already rejected by their number of characters.
  if (yaml.length <= MAX_CONFIG_BYTES && Buffer.byteLength(yaml) > MAX_CONFIG_BYTES) {
    throw invalidYaml(
      `has ${Buffer.byteLength(yaml)} bytes in UTF-8; a configuration may have ${MAX_CONFIG_BYTES}`,
    );
  }
  if (yaml.includes('\0')) throw invalidYaml('holds a zero byte, which no YAML may');
  if (/\p{Surrogate}/u.test(yaml)) throw invalidYaml('holds half a character (an unpaired surrogate)');
}

function invalidYaml(reason: string): QuickscrapeError {
  return new QuickscrapeError('invalid_params', `yaml: ${reason}`);
}

export const ifConfigRevisionInput = once(() =>
  z
    .string()
    .min(1)
    .optional()
    .describe('Only when the configuration still has this revision (from get_config); otherwise conflict'),
);

/** An instant, as input. */
export const instantInput = once(() => z.string().describe('RFC 3339, such as 2026-11-25T09:00:00+01:00'));

/**
 * Parses an RFC 3339 instant; a date alone means midnight in UTC.
 * @throws QuickscrapeError `invalid_params` that names the field: an instant without an offset is ambiguous
 */
export function parseInstant(text: string, field: string): Date {
  const at = new Date(RFC_3339.test(text) ? text.replace(' ', 'T') : Number.NaN);
  // Date accepts 2026-02-30 and rolls it over into March.
  const rolled = !Number.isNaN(at.getTime()) && !isCalendarDate(text);
  if (Number.isNaN(at.getTime()) || rolled) {
    throw new QuickscrapeError('invalid_params', `${field}: "${text}" is not an instant`, {
      field,
      hint: 'Use RFC 3339 with an offset: 2026-11-25T09:00:00+01:00, 2026-11-25T08:00:00Z, or a date alone.',
    });
  }
  return at;
}

const RFC_3339 = /^\d{4}-\d{2}-\d{2}(?:[Tt ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:[Zz]|[+-]\d{2}:\d{2}))?$/;

function isCalendarDate(text: string): boolean {
  const date = text.slice(0, 10);
  return new Date(`${date}T00:00:00Z`).toISOString().startsWith(date);
}

/** An instant in output: RFC 3339 with the job's offset. */
export const instantOutput = once(() =>
  z.string().describe('RFC 3339 with the offset of the job’s time zone'),
);

/** Formats an instant for output: RFC 3339 with the zone's offset, or `null`. */
export function formatInstantOrNull(at: number | Date | null, timezone: string): string | null {
  return at === null ? null : formatInstant(at, timezone);
}

/** Formats instants for output, in order. */
export function formatInstants(instants: readonly (number | Date)[], timezone: string): string[] {
  return instants.map((at) => formatInstant(at, timezone));
}

/** How far a selector gets that matches nothing (scrape/suggest/nearest-miss.ts). */
export const nearestOutput = once(() =>
  z
    .object({
      prefix: z.string().describe('The longest beginning of the selector that matches something'),
      matched: z.int().describe('What that beginning matches'),
      missing: z.string().describe('The part after it, which is not there'),
      near: z.array(z.string()).describe('What is in its place, with counts'),
    })
    .describe('How far a selector gets that matched nothing'),
);
