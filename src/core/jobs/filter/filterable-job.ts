import { foldText } from '../../lib/fold-text.ts';
import type { Actor, JobDefinition } from '../../model/definition.ts';
import type { JobEntry, JobState } from '../../model/job-record.ts';
import type { RunStatus } from '../../model/run-record.ts';
import { changeOf, type HistoryRun, lastOf, withDuration } from '../../runs/last-run.ts';
import type { RecentRuns, RunSummary } from '../../runs/recent-runs.ts';
import { type JobDisplayState, jobStateOf } from '../job-display-state.ts';

/** The facts of a job that a filter compares; instants in epoch milliseconds. */
export interface FilterableJob {
  readonly id: string;
  /** `null` for an invalid file. */
  readonly configName: string | null;
  readonly tags: readonly string[];
  /** The hosts of its configuration's addresses. */
  readonly hosts: readonly string[];
  readonly state: JobDisplayState;
  /** Failed runs in a row. */
  readonly failures: number;
  /** The next upcoming occurrence. */
  readonly nextRun: number | null;
  /** Its last finished run that was executed. */
  readonly last: HistoryRun | null;
  /** The number of items of the last run before `last` that had any. */
  readonly itemsBefore: number | null;
  /** How many items more or fewer `last` has than that run; `null` when there is nothing to compare. */
  readonly itemChange: number | null;
  /** `null` for an invalid file. */
  readonly updatedBy: Actor | null;
  /** The text for the free-text search, folded: id, configuration, description and tags, each on its own line. */
  readonly haystack: string;
}

interface JobFacts {
  entry: JobEntry;
  /** Its last runs. */
  recent: RecentRuns;
  /** Its last executed run, if all recent runs were skipped. */
  earlier?: RunSummary | undefined;
  /** The statuses of its active runs. */
  active: readonly RunStatus[];
  /** The hosts of its configuration; `null` when that does not exist. */
  hosts: readonly string[] | null;
}

const NONE: readonly string[] = [];

export function toFilterableJob({ entry, recent, earlier, active, hosts }: JobFacts): FilterableJob {
  const record = entry.kind === 'valid' ? entry.record : undefined;
  const definition = record?.definition ?? null;
  const state = entry.kind === 'valid' ? entry.state : undefined;
  const { last, itemsBefore } = lastOf(recent, earlier);
  return {
    id: entry.id,
    configName: definition?.config_name ?? null,
    tags: definition?.tags ?? NONE,
    hosts: hosts ?? NONE,
    state: jobStateOf({
      usable: definition !== null,
      enabled: definition?.enabled ?? false,
      paused: state !== undefined && state.pausedAt !== null,
      active,
      last: last?.status ?? lastStatus(state),
    }),
    failures: state?.failures ?? 0,
    nextRun: state?.nextRun ?? null,
    last: last ? withDuration(last) : null,
    itemsBefore,
    itemChange: changeOf(last, itemsBefore),
    updatedBy: record?.updatedBy ?? null,
    haystack: haystackOf(entry.id, definition),
  };
}

/** Returns the text that the free-text search uses. */
export function haystackOf(id: string, definition: JobDefinition | null): string {
  if (definition === null) return foldText(id);
  const { config_name, description, tags } = definition;
  return foldText([id, config_name, description ?? '', ...tags].join('\n'));
}

/** Returns how the last run ended, according to the job's own state. */
function lastStatus(state: JobState | undefined): RunStatus | null {
  if (state?.status === 'completed') return 'succeeded';
  return state?.status === 'failed' ? 'failed' : null;
}
