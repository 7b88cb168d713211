import {
  changedFields,
  DEFINITION_FIELDS,
  type DefinitionField,
  type JobDefinition,
} from '../../../core/model/definition.ts';
import type { JobOutput } from '../../../core/operations/job-output.ts';
import type { ConfigVersion, JobVersion } from '../../kernel/call.ts';

declare module '../../kernel/model.ts' {
  interface State {
    /** The changes made in this dashboard, for undo. */
    journal: Journal;
  }
  interface DialogParams {
    /** The undo history; `index` counts from the newest entry. */
    journal: { index: number };
  }
}

/** The version in an operation's answer. */
export function toJobVersion(job: JobOutput): JobVersion {
  const fields = Object.fromEntries(DEFINITION_FIELDS.map((field) => [field, job[field]]));
  return { definition: fields as unknown as JobDefinition, revision: job.revision };
}

/** The fields in which two versions differ. The revision is ignored. */
export function differingFields(one: JobVersion, other: JobVersion): DefinitionField[] {
  return changedFields(one.definition, other.definition);
}

/** The change of one job in an entry, from one version to another; `null` for a job that did not exist. */
export interface JobChange extends ChangeState {
  readonly of: 'job';
  readonly jobId: string;
  readonly before: JobVersion | null;
  readonly after: JobVersion | null;
}

/** A stored or deleted configuration, from one version to another; `null` where it did not exist. */
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
   * `done`: it stands and can be undone. `undone`: it can be redone. `kept`: it could not be undone. `dropped`: it was
   * undone and cannot be redone, because another change followed or the redo was refused.
   */
  readonly state: 'done' | 'undone' | 'kept' | 'dropped';
  /** Why it could not be undone. */
  readonly reason: string | null;
}

/** A change made in this dashboard, to one job or to several at once. */
export interface JournalEntry {
  readonly id: number;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Changes with the same group form one entry; `null` for a single change. */
  readonly group: string | null;
  readonly changes: readonly Change[];
}

/** The changes made in this dashboard since it was opened, oldest first. */
export interface Journal {
  readonly entries: readonly JournalEntry[];
  readonly nextId: number;
  /** Versions from the answers to this dashboard's calls that the home does not include yet. */
  readonly fresh: ReadonlyMap<string, JobVersion | null>;
}

export const EMPTY_JOURNAL: Journal = { entries: [], nextId: 1, fresh: new Map() };

export type Direction = 'undo' | 'redo';
