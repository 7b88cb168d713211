import { isDeepStrictEqual } from 'node:util';
import type { DefinitionField } from '../../../core/model/definition.ts';
import type { Call, JobVersion } from '../../kernel/call.ts';
import type { ConfigChange, Direction, JobChange } from './model.ts';

import { differingFields } from './model.ts';

/** How to undo or redo a job's change, given the current job. */
export type UndoPlan =
  | { kind: 'call'; call: Call }
  /**
   * Another client has changed the job meanwhile: only `fields` are restored, and `left` keep the other client's
   * values.
   */
  | { kind: 'part'; call: Call; fields: readonly DefinitionField[]; left: readonly DefinitionField[] }
  | { kind: 'refuse'; reason: string };

/**
 * Plans the undo of a change. Changes by other clients are never overwritten: a change in other fields still permits
 * the undo, a change in the same fields does not.
 * @param now the current job; `null` when there is none
 * @param by the author of the last change, for display
 */
export function planUndo(
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
      : refuse('there is a job of this id again');
  }
  return now === null ? refuse('it was deleted meanwhile') : planFields(jobId, { from, to, now }, by);
}

/**
 * Plans the undo of a configuration's change: the old text is stored, or the configuration is deleted. A configuration
 * that another client has changed since stays as it is. The call checks this, because configurations are watched only
 * while a view shows them.
 * @param isThere whether a configuration with this name is known to exist
 */
export function planConfigUndo(
  { jobId: config_name, before, after }: Pick<ConfigChange, 'jobId' | 'before' | 'after'>,
  direction: Direction,
  isThere: boolean,
): UndoPlan {
  const [from, to] = direction === 'undo' ? [after, before] : [before, after];
  const guard = from === null ? {} : { if_revision: from.revision };
  if (to === null)
    return { kind: 'call', call: { name: 'delete_config', params: { config_name, ...guard } } };
  if (from === null && isThere) return refuse('there is a configuration of this name again');
  const params = { config_name, yaml: to.yaml, ...guard };
  return { kind: 'call', call: { name: 'save_config', params } };
}

/** Plans the removal of a job that did not exist before. */
function planAway(jobId: string, from: JobVersion | null, now: JobVersion | null, by: string): UndoPlan {
  if (now === null) return refuse('it is not there any more');
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
  if (wanted.length === 0) return refuse('it is so already');
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
