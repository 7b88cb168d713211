import { ifAvailable } from '../../core/store/unavailable.ts';
import type { Workspace } from '../../core/workspace.ts';
import type { CallEffect } from '../state/effect.ts';
import type { ConfigBefore } from '../state/event.ts';
import type { JobVersion } from '../undo/job-version.ts';

/**
 * The job that a call is going to change, as it is now; `null` when there is none, `undefined` when the call changes no
 * definition or the job cannot be read.
 */
export function versionBefore(
  { jobs }: Pick<Workspace, 'jobs'>,
  { name, params }: CallEffect,
): JobVersion | null | undefined {
  switch (name) {
    case 'create_job':
      return params.dry_run ? undefined : null;
    case 'restore_job':
      return null;
    case 'update_job':
      return params.dry_run ? undefined : versionNow(jobs, params.job_id);
    case 'delete_job':
      return versionNow(jobs, params.job_id);
    default:
      return undefined;
  }
}

/** The configuration that a call is going to delete; `undefined` when it deletes none or it cannot be read. */
export function configBefore(
  { configs }: Pick<Workspace, 'configs'>,
  { name, params }: CallEffect,
): ConfigBefore | undefined {
  if (name !== 'delete_config') return undefined;
  try {
    const { yaml, revision } = configs.read(params.config_name);
    return { name: params.config_name, version: { yaml, revision } };
  } catch {
    // The call says what is wrong with it.
    return undefined;
  }
}

function versionNow(jobs: Workspace['jobs'], id: string): JobVersion | undefined {
  const entry = ifAvailable(() => jobs.get(id));
  if (entry?.kind !== 'valid') return undefined;
  const { definition, revision } = entry.record;
  return { definition, revision };
}
