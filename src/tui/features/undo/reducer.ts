import type { AnswerEvent, JobVersion } from '../../kernel/call.ts';
import type { Event, Reducer, State } from '../../kernel/model.ts';
import { step } from '../../kernel/step.ts';
import { findBatch, parseStepTag, refusalOf } from '../batch/reducer.ts';
import { selectWhenListed } from '../jobs/reducer.ts';
import { clearFresh, importGroup, recordChange, settleChange } from './journal.ts';
import { differingFields, type Journal, toJobVersion } from './model.ts';

/** Records every change that a call from this dashboard has made, from any source: an action, a form, an editor. */
export const journalReducer: Reducer = (state, event) => {
  if (event.kind === 'home') {
    // While the store cannot be read, the home's data is old and may not include the fresh versions.
    return event.data.stale === null ? withJournal(state, clearFresh(state.journal)) : step(state);
  }
  if (event.kind === 'config_restored') {
    const { name: jobId, before, after } = event;
    return withJournal(
      state,
      recordChange(state.journal, { of: 'config', jobId, before, after, at: state.now, group: null }),
    );
  }
  if (event.kind === 'imported') return withJournal(state, afterImport(state, event));
  if (event.kind !== 'answer') return step(state);
  return withJournal(atRestored(state, event), afterAnswer(state, event));
};

/**
 * An import is two entries: a configuration may have the name of a job, and can be deleted only after the jobs that use
 * it.
 */
function afterImport(
  { journal, now: at }: State,
  { jobs, configs }: Extract<Event, { kind: 'imported' }>,
): Journal {
  const [forConfigs, forJobs] = [importGroup(journal, 'config'), importGroup(journal, 'job')];
  const withConfigs = configs.reduce<Journal>(
    (before, { name, version }) =>
      recordChange(before, {
        of: 'config',
        jobId: name,
        before: null,
        after: version,
        at,
        group: forConfigs,
      }),
    journal,
  );
  return jobs.reduce<Journal>(
    (before, { id, version }) =>
      recordChange(before, { of: 'job', jobId: id, before: null, after: version, at, group: forJobs }),
    withConfigs,
  );
}

/** Selects a job that was restored alone. After a restore of several jobs, the cursor stays. */
function atRestored(state: State, event: AnswerEvent): State {
  if (!event.ok || event.name !== 'restore_job') return state;
  const place = parseStepTag(event.tag);
  const steps = (place && findBatch(state, place.id)?.steps.length) ?? 1;
  return steps > 1 ? state : selectWhenListed(state, event.output.job.id);
}

function afterAnswer(state: State, event: AnswerEvent) {
  const { journal, now: at } = state;
  const place = parseStepTag(event.tag);
  const batch = place && findBatch(state, place.id);
  const jobId = place && batch?.steps[place.index]?.jobId;
  const made = versionMade(event);
  if (batch?.undoes !== undefined && jobId !== undefined) {
    const reason = refusalOf(event) ?? null;
    // Another client changed it first, so nothing was done. For a job, another try includes that change.
    if (!event.ok && event.failure.field === 'if_revision' && isOfJob(event)) return journal;
    return settleChange(journal, { ...batch.undoes, jobId, reason }, made?.after);
  }
  const config = configMade(event);
  if (config !== undefined) return recordChange(journal, { ...config, at, group: null });
  if (made === undefined || !isChange(made)) return journal;
  return recordChange(journal, {
    ...made,
    of: 'job',
    at,
    group: batch === undefined ? null : `batch:${batch.id}`,
  });
}

interface Made {
  jobId: string;
  before: JobVersion | null;
  after: JobVersion | null;
}

function isOfJob({ name }: AnswerEvent): boolean {
  return name !== 'save_config' && name !== 'delete_config';
}

/** The versions of a configuration before and after, from an answer. */
function configMade(event: AnswerEvent) {
  if (!event.ok || event.wasConfig === undefined) return undefined;
  const { name: jobId, version: before, yaml } = event.wasConfig;
  if (event.name === 'delete_config') return { of: 'config', jobId, before, after: null } as const;
  if (event.name !== 'save_config' || yaml === null || !event.output.changed) return undefined;
  return { of: 'config', jobId, before, after: { yaml, revision: event.output.revision } } as const;
}

/** The versions of a job's definition before and after, from an answer. */
function versionMade(event: AnswerEvent): Made | undefined {
  if (!event.ok || event.was === undefined) return undefined;
  const { jobId, version: before } = event.was;
  switch (event.name) {
    case 'create_job':
      return event.output.created
        ? { jobId, before: null, after: toJobVersion(event.output.job) }
        : undefined;
    case 'restore_job':
      return { jobId, before: null, after: toJobVersion(event.output.job) };
    case 'update_job':
      return { jobId, before, after: toJobVersion(event.output.job) };
    case 'delete_job':
      return event.output.deleted ? { jobId, before, after: null } : undefined;
    default:
      return undefined;
  }
}

/**
 * Whether the answer is a change of the definition by this call alone. Resuming a paused job is no such change. If
 * another client's change came in between, the two cannot be separated.
 */
function isChange({ before, after }: Made): boolean {
  if (before === null || after === null) return before !== after;
  return after.revision === before.revision + 1 && differingFields(before, after).length > 0;
}

function withJournal(state: State, journal: State['journal']) {
  return step(journal === state.journal ? state : { ...state, journal });
}
