import { QuickscrapeError } from '../lib/errors.ts';
import { isRecord } from '../lib/json.ts';
import {
  ACTORS,
  type Actor,
  DEFINITION_FIELDS,
  type DefinitionField,
  parseDefinition,
} from './definition.ts';
import { parseName } from './ids.ts';
import {
  isJobStatus,
  JOB_STATUSES,
  type JobRecord,
  type JobState,
  type JobStatus,
  SCHEMA_VERSION,
} from './job-record.ts';

/** The fields of the file besides the definition. */
export const BOOKKEEPING_FIELDS = [
  'id',
  'status',
  'last_run',
  'next_run',
  'created_at',
  'updated_at',
  'schema_version',
  'revision',
  'created_by',
  'updated_by',
] as const;

/** The field of the file that leads editors to its schema. It is kept as a field that this program does not know. */
export const SCHEMA_FIELD = '$schema';

/** The index of the first field that follows the runtime fields. */
const AFTER_ENABLED = DEFINITION_FIELDS.indexOf('enabled') + 1;

/** Returns the content of a job's file: that of {@link toJobDict}, with the link to its schema first. */
export function toJobFile(record: JobRecord, state: JobState): Record<string, unknown> {
  const link = record.extra[SCHEMA_FIELD];
  return { ...(link !== undefined && { [SCHEMA_FIELD]: link }), ...toJobDict(record, state) };
}

/**
 * Returns the whole job as a plain object, the result of `Job.toDict()`. The documented order
 * (docs/reference/job-file.md) begins, then the other fields, then the unknown ones. Instants are ISO 8601 UTC.
 */
export function toJobDict(record: JobRecord, state: JobState): Record<string, unknown> {
  const { definition } = record;
  const pick = (fields: readonly DefinitionField[]) =>
    Object.fromEntries(fields.map((field) => [field, definition[field]]));
  return {
    id: record.id,
    ...pick(DEFINITION_FIELDS.slice(0, AFTER_ENABLED)),
    ...runtimeDict(state),
    created_at: instant(record.createdAt),
    updated_at: instant(record.updatedAt),
    ...pick(DEFINITION_FIELDS.slice(AFTER_ENABLED)),
    schema_version: record.schemaVersion,
    revision: record.revision,
    created_by: record.createdBy,
    updated_by: record.updatedBy,
    ...record.extra,
  };
}

/** Returns the three runtime fields. The job file contains copies of them for the user's own tools. */
export function runtimeDict(state: JobState): {
  status: JobStatus;
  last_run: string | null;
  next_run: string | null;
} {
  return { status: state.status, last_run: instant(state.lastRun), next_run: instant(state.nextRun) };
}

function instant(at: number): string;
function instant(at: number | null): string | null;
function instant(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}

/** The revision of a job whose dictionary has none, such as one from the Python library. */
export const UNKNOWN_REVISION = 0;

const KNOWN: ReadonlySet<string> = new Set([...DEFINITION_FIELDS, ...BOOKKEEPING_FIELDS]);

/**
 * Parses a job's dictionary (`Job.toDict()`). Missing fields get their defaults.
 * @throws QuickscrapeError `invalid_params`, `invalid_schedule`
 */
export function parseJobDict(data: unknown): { record: JobRecord; state: JobState } {
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
    createdAt: instantField(dict, 'created_at') ?? now,
    updatedAt: instantField(dict, 'updated_at') ?? now,
    createdBy: actorField(dict['created_by']),
    updatedBy: actorField(dict['updated_by']),
    extra: structuredClone(Object.fromEntries(entries.filter(([key]) => !KNOWN.has(key)))),
    file: '',
  };
  const state: JobState = {
    status,
    lastRun: instantField(dict, 'last_run'),
    lastRunId: null,
    nextRun: instantField(dict, 'next_run'),
    decidedUntil: 0,
    failures: 0,
    pausedAt: null,
    callbackFailure: null,
  };
  return { record, state };
}

function parseRecord(data: unknown): Record<string, unknown> {
  if (isRecord(data)) return data;
  throw invalidField('', data, 'an object such as Job.toDict() gives');
}

function instantField(dict: Record<string, unknown>, field: string): number | null {
  const value = dict[field] ?? null;
  if (value === null) return null;
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(at)) throw invalidField(field, value, 'an instant such as "2026-11-25T08:00:00.000Z"');
  return at;
}

function actorField(value: unknown): Actor {
  return ACTORS.find((known) => known === value) ?? 'library';
}

function invalidField(field: string, value: unknown, allowed: string): QuickscrapeError {
  const what = field === '' ? 'a job' : field;
  return new QuickscrapeError('invalid_params', `${what}: must be ${allowed}, not ${JSON.stringify(value)}`, {
    ...(field !== '' && { field }),
  });
}
