import { hasFailedCommand } from '../model/callbacks.ts';
import type { Actor, JobDefinition } from '../model/definition.ts';
import { definitionHash, scheduleHash, scheduleText } from '../model/fingerprint.ts';
import {
  type JobEntry,
  type JobRecord,
  type JobState,
  SCHEMA_VERSION,
  type ValidJob,
} from '../model/job-record.ts';
import { SCHEMA_FIELD } from '../model/serialize-job.ts';
import { pausedSince } from '../model/streak.ts';
import type { JobStateRow, RuntimeRow } from '../runs/state-from-runs.ts';
import { upcomingRunTimes } from '../schedule/job-schedule.ts';
import type { ScheduleDict } from '../schedule/rule.ts';
import type { RecordedDefinition } from './job-states.ts';
import type { JobFile, ParsedJob } from './job-text.ts';

/** Creates the record of a new job. */
export function newRecord(
  id: string,
  definition: JobDefinition,
  { by, file, now, schemaLink }: { by: Actor; file: string; now: number; schemaLink: string | undefined },
): JobRecord {
  return {
    id,
    file,
    definition,
    schemaVersion: SCHEMA_VERSION,
    revision: 1,
    createdAt: now,
    updatedAt: now,
    createdBy: by,
    updatedBy: by,
    extra: schemaLink === undefined ? {} : { [SCHEMA_FIELD]: schemaLink },
  };
}

/**
 * Joins a job's file with its database row. If the file's definition differs from the recorded one, the file was
 * edited: the revision increases by one. If the schedule changed, occurrences before now do not count as missed.
 */
export function joinJob(parsed: ParsedJob, row: JobStateRow | undefined, now: number): JobEntry {
  if (parsed.kind !== 'valid') return parsed;
  const { id, file, definition, schemaVersion, extra } = parsed;
  const found = provenance(parsed, row);
  const record: JobRecord = {
    id,
    definition,
    schemaVersion,
    revision: found.revision,
    createdAt: parsed.createdAt ?? parsed.modifiedAt,
    updatedAt: found.updatedAt,
    createdBy: parsed.createdBy,
    updatedBy: found.updatedBy,
    extra,
    file,
  };
  const planned = found.unnoticed ? scheduleHash(parsed.scheduleText, definition.enabled) : '';
  const resumed = row !== undefined && row.paused_at !== null && pauseOf(row, definition) === null;
  const rescheduled = found.unnoticed && (row?.schedule_hash !== planned || resumed);
  // A new schedule resumes a paused job.
  const runtime = row && rescheduled ? { ...row, paused_at: null } : row;
  const decidedUntil = rescheduled ? Math.max(now, row?.watermark ?? 0) : (row?.watermark ?? now);
  const entry: ValidJob = {
    kind: 'valid',
    id,
    record,
    state: joinState(definition, runtime, decidedUntil, now),
  };
  if (found.unnoticed) {
    const knownHash = row?.definition_hash || undefined;
    entry.unnoticed = {
      knownHash,
      definitionHash: parsed.definitionHash,
      scheduleHash: planned,
      rescheduled,
    };
  }
  return entry;
}

/** The state of a job with this definition. */
export function joinState(
  definition: JobRecord['definition'],
  row: RuntimeRow | undefined,
  decidedUntil: number,
  now: number,
): JobState {
  return new JoinedState(definition, row, decidedUntil, now);
}

/** A class, because lists contain thousands of these: each object literal with a getter has its own shape in V8. */
class JoinedState implements JobState {
  readonly status: JobState['status'];
  readonly lastRun: number | null;
  readonly lastRunId: string | null;
  readonly decidedUntil: number;
  readonly failures: number;
  readonly pausedAt: number | null;
  readonly callbackFailure: JobState['callbackFailure'];
  readonly #schedule: ScheduleDict | undefined;
  readonly #now: number;

  constructor(definition: JobDefinition, row: RuntimeRow | undefined, decidedUntil: number, now: number) {
    this.status = row?.status ?? 'pending';
    this.lastRun = row?.last_run ?? null;
    this.lastRunId = row?.last_run_id ?? null;
    this.decidedUntil = decidedUntil;
    this.failures = row?.failures ?? 0;
    this.pausedAt = row ? pauseOf(row, definition) : null;
    this.callbackFailure = callbackFailureOf(row, definition);
    this.#schedule = definition.enabled && this.pausedAt === null ? definition.schedule : undefined;
    this.#now = now;
  }

  /** Computed on access: most readers of a long list do not need it. */
  get nextRun(): number | null {
    if (!this.#schedule) return null;
    return upcomingRunTimes(this.#schedule, Math.max(this.#now, this.decidedUntil), 1)[0] ?? null;
  }

  toJSON(): JobState {
    return { ...this, nextRun: this.nextRun };
  }
}

/** Returns no failure when the job no longer has the command that failed. */
function callbackFailureOf(
  row: RuntimeRow | undefined,
  definition: JobDefinition,
): JobState['callbackFailure'] {
  const at = row?.callback_failed_at ?? null;
  const message = row?.callback_failure ?? '';
  return at === null || !hasFailedCommand(definition, message) ? null : { at, message };
}

/** A job paused under another value of `pause_after_failures` is no longer paused. */
function pauseOf(row: RuntimeRow, definition: JobDefinition): number | null {
  const { paused_at: pausedAt, paused_after: pausedAfter } = row;
  return pausedSince({ pausedAt, pausedAfter }, definition.pause_after_failures);
}

/** The part of a record that the database stores when the record is written. */
export function toRecordedDefinition(record: JobRecord, decidedUntil: number): RecordedDefinition {
  const { revision, updatedAt, updatedBy, definition } = record;
  return {
    revision,
    definitionHash: definitionHash(definition),
    scheduleHash: scheduleHash(scheduleText(definition.schedule), definition.enabled),
    updatedAt,
    updatedBy,
    watermark: decidedUntil,
  };
}

type Provenance = Pick<JobRecord, 'revision' | 'updatedAt' | 'updatedBy'> & { unnoticed: boolean };

function provenance(parsed: JobFile, row: JobStateRow | undefined): Provenance {
  const { updatedBy, modifiedAt } = parsed;
  const updatedAt = parsed.updatedAt ?? modifiedAt;
  if (!row?.definition_hash) {
    const revision = Math.max(parsed.revision ?? 1, row?.revision ?? 1);
    return { revision, updatedAt, updatedBy, unnoticed: true };
  }
  // This program raises the revision in the file before it updates the database. If the database rejects writes, this
  // happens several times, perhaps back to the same definition. An edit by hand leaves the revision unchanged.
  if (parsed.revision !== undefined && parsed.revision > row.revision && updatedBy !== 'hand')
    return { revision: parsed.revision, updatedAt, updatedBy, unnoticed: true };
  if (row.definition_hash === parsed.definitionHash) {
    return {
      revision: row.revision,
      updatedAt: row.updated_at ?? updatedAt,
      updatedBy: row.updated_by ?? updatedBy,
      unnoticed: false,
    };
  }
  return { revision: row.revision + 1, updatedAt: modifiedAt, updatedBy: 'hand', unnoticed: true };
}
