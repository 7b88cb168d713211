import type { DefinitionField, JobDefinition } from '../../../core/model/definition.ts';
import { DEFINITION_FIELDS } from '../../../core/model/definition.ts';
import { changedFields } from '../../../core/operations/changed-fields.ts';
import type { JobOutput } from '../../../core/operations/job-output.ts';
import type { ConfigVersion, JobVersion } from '../../kernel/call.ts';

declare module '../../kernel/model.ts' {
  interface State {
    /** What was changed from here, for undo. */
    journal: Journal;
  }
  interface DialogParams {
    /** What was done from here, to be taken back or done again; `index` counts from the newest. */
    journal: { index: number };
  }
}

/** The version that an answer of an operation shows. */
export function toJobVersion(job: JobOutput): JobVersion {
  const fields = Object.fromEntries(DEFINITION_FIELDS.map((field) => [field, job[field]]));
  return { definition: fields as unknown as JobDefinition, revision: job.revision };
}

/** The fields in which two versions differ; the revision does not count. */
export function differingFields(one: JobVersion, other: JobVersion): DefinitionField[] {
  return changedFields(one.definition, other.definition);
}

/** One job's share in what was done: from one version to the other, `null` for a job that was not there. */
export interface JobChange extends ChangeState {
  readonly of: 'job';
  readonly jobId: string;
  readonly before: JobVersion | null;
  readonly after: JobVersion | null;
}

/** A configuration that was stored or deleted, from one version to the other; `null` where it was not there. */
export interface ConfigChange extends ChangeState {
  readonly of: 'config';
  /** The configuration's name. */
  readonly jobId: string;
  readonly before: ConfigVersion | null;
  readonly after: ConfigVersion | null;
}

export type Change = JobChange | ConfigChange;

interface ChangeState {
  /**
   * `done`: it stands, and can be taken back; `undone`: taken back, and can be done again; `kept`: it could not be taken
   * back; `dropped`: taken back, and something else was done since.
   */
  readonly state: 'done' | 'undone' | 'kept' | 'dropped';
  /** Why it was kept. */
  readonly reason: string | null;
}

/** Something that was done from this dashboard, to one job or to several at once. */
export interface JournalEntry {
  readonly id: number;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Changes of one group are one entry; `null` for one that stands alone. */
  readonly group: string | null;
  readonly changes: readonly Change[];
}

/** What was done from this dashboard since it was opened, the oldest first. */
export interface Journal {
  readonly entries: readonly JournalEntry[];
  readonly nextId: number;
  /** Versions that our own answers have shown and that the home has not told of yet. */
  readonly fresh: ReadonlyMap<string, JobVersion | null>;
}

export const EMPTY_JOURNAL: Journal = { entries: [], nextId: 1, fresh: new Map() };

export type Direction = 'undo' | 'redo';
