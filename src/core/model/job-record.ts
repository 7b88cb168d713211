import { type Actor, DEFINITION_FIELDS, type DefinitionField, type JobDefinition } from './definition.ts';

/** The version of the job file that this program writes; a file of a newer one is shown and left alone. */
export const SCHEMA_VERSION = 1;

/** The specification's four statuses of a job. */
export const JOB_STATUSES = ['pending', 'running', 'completed', 'failed'] as const;

export type JobStatus = (typeof JOB_STATUSES)[number];

export function isJobStatus(value: unknown): value is JobStatus {
  return (JOB_STATUSES as readonly unknown[]).includes(value);
}

/** A job as its file and its bookkeeping say; instants are epoch milliseconds. */
export interface JobRecord {
  id: string;
  definition: JobDefinition;
  schemaVersion: number;
  /** Starts at 1 and rises with every change of the definition, also with one made by hand. */
  revision: number;
  createdAt: number;
  updatedAt: number;
  createdBy: Actor;
  updatedBy: Actor;
  /** Fields of the file that this version does not know; kept on write. */
  extra: Readonly<Record<string, unknown>>;
  file: string;
}

/** What the database knows about a job; instants are epoch milliseconds. */
export interface JobState {
  readonly status: JobStatus;
  readonly lastRun: number | null;
  readonly lastRunId: string | null;
  /** The next occurrence after now and after the watermark; `null` when disabled, paused, or when there is none. */
  readonly nextRun: number | null;
  /** The newest occurrence that has been decided, or the instant of the last change of the schedule. */
  readonly watermark: number;
  /** Failed runs in a row. */
  readonly failures: number;
  /** Since when the job is paused because it failed too often in a row (`pause_after_failures`); else `null`. */
  readonly pausedAt: number | null;
  /** Set since a command that the end of a run calls failed (epoch ms), until a later one works. */
  readonly callbackFailure: { readonly at: number; readonly message: string } | null;
}

export interface ValidJob {
  kind: 'valid';
  id: string;
  record: JobRecord;
  state: JobState;
  /** Set while the database has not taken note of this definition: somebody has changed the file by hand. */
  unnoticed?: UnnoticedEdit;
}

/** A definition that was found in a file and not written by us. */
export interface UnnoticedEdit {
  /** What the database knew instead; `undefined` for a job that it has never seen. */
  knownHash: string | undefined;
  definitionHash: string;
  scheduleHash: string;
  /** Whether the schedule is another one, or `enabled`, or what paused the job: what came before does not count as missed. */
  rescheduled: boolean;
}

/** A file that we do not understand: shown with the reason, never written, moved or deleted. */
export interface InvalidJob {
  kind: 'invalid';
  id: string;
  file: string;
  line?: number;
  column?: number;
  reason: string;
}

/** A file of a newer version: shown, not scheduled, never written. */
export interface NewerJob {
  kind: 'newer';
  id: string;
  file: string;
  schemaVersion: number;
  reason: string;
}

export type JobEntry = ValidJob | InvalidJob | NewerJob;

/** The specification's fields that stand before and after the runtime fields. */
const AFTER_ENABLED = DEFINITION_FIELDS.indexOf('enabled') + 1;

/** Fields of the file beside the definition. */
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

/**
 * The whole job as a plain object: the content of its file and what `Job.toDict()` gives. The specification's fields
 * come first and in its order, then the others, then the unknown ones. Instants are ISO 8601 UTC.
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

/** The three runtime fields, of which a job file holds copies for the user's own tools. */
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

/** No job file is larger. */
export const MAX_JOB_FILE_BYTES = 256 * 1024;
