import { isDeepStrictEqual } from 'node:util';
import type { DefinitionField } from '../../../core/model/definition.ts';
import { describeAuthor, findJobRow } from '../../home/home-data.ts';
import type { Call, JobVersion } from '../../kernel/call.ts';
import type { State, Step } from '../../kernel/model.ts';
import { openDialog } from '../../kernel/step.ts';
import { type BatchPlan, MAX_UNTYPED, type PlannedStep } from '../batch/model.ts';
import { startBatch } from '../batch/reducer.ts';
import { findConfig } from '../config-editor/config-state.ts';
import { refuseChanges } from './journal.ts';
import {
  type Change,
  type ConfigChange,
  type Direction,
  differingFields,
  type JobChange,
  type JournalEntry,
} from './model.ts';

/** How to undo or redo a job's change, given the current job. */
type UndoPlan =
  | { kind: 'call'; call: Call }
  /**
   * Another client has changed the job meanwhile: only `fields` are restored, and `left` keep the other client's
   * values.
   */
  | { kind: 'part'; call: Call; fields: readonly DefinitionField[]; left: readonly DefinitionField[] }
  | { kind: 'refuse'; reason: string };

type Planned = [Change, UndoPlan];

/**
 * Undoes or redoes the changes of an entry, job by job. It asks first when a job would be deleted, or when another
 * client's change allows only a partial undo.
 */
export function startUndo(
  state: State,
  entry: JournalEntry,
  changes: readonly Change[],
  direction: Direction,
): Step {
  const planned = changes.map((change): Planned => [change, planOf(state, change, direction)]);
  const plan = batchPlan(entry, planned, direction);
  const settled = withRefusals(state, entry, planned, direction);
  const deleted = planned.filter(([, each]) => each.kind === 'call' && /^delete_/.test(each.call.name));
  const parts = partsOf(state, planned);
  if (deleted.length === 0 && parts.length === 0) return startBatch(settled, plan);
  const names = deleted.map(([{ jobId }]) => jobId);
  const title = deleted.length > 0 ? `${plan.title}: delete?` : `${plan.title} what is possible?`;
  const count = deleted.length > MAX_UNTYPED ? { count: deleted.length } : {};
  return openDialog(settled, {
    kind: 'confirm',
    title,
    names,
    lines: parts,
    effects: [],
    plan,
    typed: '',
    ...count,
  });
}

/** Up to this number of jobs, the question lists in full what is restored and what is not. */
const MAX_LISTED = 5;

function partsOf(state: State, planned: readonly Planned[]): string[] {
  const descriptions = planned.flatMap(([{ jobId }, each]) =>
    each.kind === 'part' ? [describePartialUndo(jobId, each, authorOf(state, jobId))] : [],
  );
  if (descriptions.length <= MAX_LISTED) return descriptions.flat();
  // The summary comes first, because a small screen has no space for the rest.
  const summary = `${descriptions.length} of ${planned.length} were changed meanwhile; the changes of others stay.`;
  return [
    summary,
    ...descriptions.slice(0, MAX_LISTED).flat(),
    `and ${descriptions.length - MAX_LISTED} more`,
  ];
}

function planOf(state: State, change: Change, direction: Direction): UndoPlan {
  if (change.of === 'config')
    return planConfigUndo(change, direction, findConfig(state, change.jobId) !== undefined);
  const row = findJobRow(state.home?.jobs ?? [], change.jobId);
  if (row?.error) return { kind: 'refuse', reason: 'its file cannot be used any more' };
  return planUndo(change, direction, versionNow(state, change.jobId), authorOf(state, change.jobId));
}

/** The newest known version. */
function versionNow({ home, journal }: State, jobId: string): JobVersion | null {
  const fresh = journal.fresh.get(jobId);
  if (fresh !== undefined) return fresh;
  const row = findJobRow(home?.jobs ?? [], jobId);
  return row?.definition ? { definition: row.definition, revision: row.revision } : null;
}

function authorOf({ home }: State, jobId: string): string {
  return describeAuthor(findJobRow(home?.jobs ?? [], jobId)?.updatedBy ?? null);
}

function batchPlan(entry: JournalEntry, planned: readonly Planned[], direction: Direction): BatchPlan {
  const steps = planned.map(([change, plan]): PlannedStep => {
    const { jobId } = change;
    if (plan.kind === 'refuse') return { jobId, call: undefined, reason: plan.reason };
    if (change.of === 'config') return { jobId, call: plan.call, reason: '' };
    const expects = direction === 'undo' ? change.before : change.after;
    return { jobId, call: plan.call, reason: '', ...(expects !== null && { expects }) };
  });
  return {
    title: direction === 'undo' ? 'Undo' : 'Redo',
    past: pastTense(steps, direction),
    steps,
    ...(entry.changes[0]?.of === 'config' && { noun: 'configuration' as const }),
    undoes: { entry: entry.id, direction },
  };
}

function pastTense(steps: readonly PlannedStep[], direction: Direction): string {
  const pasts = new Set(steps.flatMap(({ call }) => (call === undefined ? [] : [pastTenseOfCall(call)])));
  const [past] = pasts.size === 1 ? pasts : [];
  return past ?? (direction === 'undo' ? 'changed back' : 'changed again');
}

/** The past tense of a call; `undefined` for a job or configuration that existed and now has its old content again. */
function pastTenseOfCall({ name, params }: Call): string | undefined {
  if (name === 'delete_job' || name === 'delete_config') return 'deleted again';
  const isNew = name === 'restore_job' || (name === 'save_config' && params.if_revision === undefined);
  return isNew ? 'restored' : undefined;
}

function withRefusals(
  state: State,
  { id }: JournalEntry,
  planned: readonly Planned[],
  direction: Direction,
): State {
  const reasons = new Map(
    planned.flatMap(([{ jobId }, plan]) => (plan.kind === 'refuse' ? [[jobId, plan.reason] as const] : [])),
  );
  return { ...state, journal: refuseChanges(state.journal, id, direction, reasons) };
}

function describePartialUndo(
  jobId: string,
  { fields, left }: UndoPlan & { kind: 'part' },
  by: string,
): string[] {
  return [
    `${jobId} was changed meanwhile${by === '' ? '' : ` by ${by}`}.`,
    `  Restored: ${fields.join(', ')}. Not changed: ${left.join(', ')}.`,
  ];
}

/**
 * Plans the undo of a change. Changes by other clients are never overwritten: a change in other fields still permits
 * the undo, a change in the same fields does not.
 * @param now the current job; `null` when there is none
 * @param by the author of the last change, for display
 */
function planUndo(
  { jobId, before, after }: Pick<JobChange, 'jobId' | 'before' | 'after'>,
  direction: Direction,
  now: JobVersion | null,
  by: string,
): UndoPlan {
  const [from, to] = direction === 'undo' ? [after, before] : [before, after];
  if (to === null) return planAway(jobId, from, now, by);
  if (from === null) {
    return now === null
      ? { kind: 'call', call: { name: 'restore_job', params: { job_id: jobId } } }
      : refuse('there is a job with this id again');
  }
  return now === null ? refuse('it was deleted meanwhile') : planFields(jobId, { from, to, now }, by);
}

/**
 * Plans the undo of a configuration's change: the old text is stored, or the configuration is deleted. A configuration
 * that another client has changed since stays as it is. The call checks this, because configurations are watched only
 * while a view shows them.
 * @param exists whether a configuration with this name is known to exist
 */
function planConfigUndo(
  { jobId: config_name, before, after }: Pick<ConfigChange, 'jobId' | 'before' | 'after'>,
  direction: Direction,
  exists: boolean,
): UndoPlan {
  const [from, to] = direction === 'undo' ? [after, before] : [before, after];
  const guard = from === null ? {} : { if_revision: from.revision };
  if (to === null)
    return { kind: 'call', call: { name: 'delete_config', params: { config_name, ...guard } } };
  if (from === null && exists) return refuse('there is a configuration with this name again');
  const params = { config_name, yaml: to.yaml, ...guard };
  return { kind: 'call', call: { name: 'save_config', params } };
}

/** Plans the removal of a job that did not exist before. */
function planAway(jobId: string, from: JobVersion | null, now: JobVersion | null, by: string): UndoPlan {
  if (now === null) return refuse('it no longer exists');
  const changed = from === null ? [] : differingFields(from, now);
  if (changed.length > 0) return refuse(`${describeForeignChanges(changed, by)}; it is not deleted`);
  const params = { job_id: jobId, if_revision: now.revision };
  return { kind: 'call', call: { name: 'delete_job', params } };
}

function planFields(
  jobId: string,
  { from, to, now }: { from: JobVersion; to: JobVersion; now: JobVersion },
  by: string,
): UndoPlan {
  const isAsWanted = (field: DefinitionField) =>
    isDeepStrictEqual(now.definition[field], to.definition[field]);
  const wanted = differingFields(from, to).filter((field) => !isAsWanted(field));
  if (wanted.length === 0) return refuse('it has this value already');
  const foreign = differingFields(from, now).filter((field) => !isAsWanted(field));
  const retained = wanted.filter((field) => foreign.includes(field));
  const fields = wanted.filter((field) => !foreign.includes(field));
  if (fields.length === 0) return refuse(describeForeignChanges(retained, by));
  const changes = Object.fromEntries(fields.map((field) => [field, to.definition[field]]));
  const call: Call = {
    name: 'update_job',
    params: { job_id: jobId, changes, if_revision: now.revision },
  };
  return foreign.length === 0 ? { kind: 'call', call } : { kind: 'part', call, fields, left: foreign };
}

function describeForeignChanges(fields: readonly DefinitionField[], by: string): string {
  return `${fields.join(', ')} ${fields.length === 1 ? 'was' : 'were'} changed meanwhile${by === '' ? '' : ` by ${by}`}`;
}

function refuse(reason: string): UndoPlan {
  return { kind: 'refuse', reason };
}
