import { QuickscrapeError } from '../lib/errors.ts';
import { ACTORS, type Actor, DEFINITION_FIELDS, parseDefinition } from './definition.ts';
import { parseName } from './job-id.ts';
import {
  BOOKKEEPING_FIELDS,
  isJobStatus,
  JOB_STATUSES,
  type JobRecord,
  type JobState,
  SCHEMA_VERSION,
} from './job-record.ts';

const KNOWN: ReadonlySet<string> = new Set([...DEFINITION_FIELDS, ...BOOKKEEPING_FIELDS]);
/** The revision of a job whose dictionary has none, such as one from the Python library. */
export const UNKNOWN_REVISION = 0;

/**
 * Parses a job's dictionary (`Job.toDict()`). Missing fields get their defaults.
 * @throws QuickscrapeError `invalid_params`, `invalid_schedule`
 */
export function readJobDict(data: unknown): { record: JobRecord; state: JobState } {
  const dict = parseRecord(data);
  const entries = Object.entries(dict);
  const definition = parseDefinition(
    Object.fromEntries(entries.filter(([key]) => (DEFINITION_FIELDS as readonly string[]).includes(key))),
  );
  const version = dict['schema_version'] ?? SCHEMA_VERSION;
  if (version !== SCHEMA_VERSION) throw invalidField('schema_version', version, `${SCHEMA_VERSION}`);
  const revision = dict['revision'] ?? UNKNOWN_REVISION;
  if (!Number.isSafeInteger(revision)) throw invalidField('revision', revision, 'a whole number');
  const status = dict['status'] ?? 'pending';
  if (!isJobStatus(status)) throw invalidField('status', status, `one of ${JOB_STATUSES.join(', ')}`);
  const now = Date.now();
  const record: JobRecord = {
    id: parseName(String(dict['id'] ?? ''), 'id'),
    definition,
    schemaVersion: SCHEMA_VERSION,
    revision: Number(revision),
    createdAt: instant(dict, 'created_at') ?? now,
    updatedAt: instant(dict, 'updated_at') ?? now,
    createdBy: actor(dict['created_by']),
    updatedBy: actor(dict['updated_by']),
    extra: structuredClone(Object.fromEntries(entries.filter(([key]) => !KNOWN.has(key)))),
    file: '',
  };
  const state: JobState = {
    status,
    lastRun: instant(dict, 'last_run'),
    lastRunId: null,
    nextRun: instant(dict, 'next_run'),
    watermark: 0,
    failures: 0,
    pausedAt: null,
    callbackFailure: null,
  };
  return { record, state };
}

function parseRecord(data: unknown): Record<string, unknown> {
  if (typeof data === 'object' && data !== null && !Array.isArray(data))
    return data as Record<string, unknown>;
  throw invalidField('', data, 'an object such as Job.toDict() gives');
}

function instant(dict: Record<string, unknown>, field: string): number | null {
  const value = dict[field] ?? null;
  if (value === null) return null;
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(at)) throw invalidField(field, value, 'an instant such as "2026-11-25T08:00:00.000Z"');
  return at;
}

function actor(value: unknown): Actor {
  return ACTORS.find((known) => known === value) ?? 'library';
}

function invalidField(field: string, value: unknown, allowed: string): QuickscrapeError {
  const what = field === '' ? 'a job' : field;
  return new QuickscrapeError('invalid_params', `${what}: must be ${allowed}, not ${JSON.stringify(value)}`, {
    ...(field !== '' && { field }),
  });
}
