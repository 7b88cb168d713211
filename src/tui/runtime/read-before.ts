import { ifAvailable } from '../../core/fs/system-errors.ts';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import type { Workspace } from '../../core/workspace.ts';
import type { CallEffect, ConfigBefore, ConfigVersion, JobVersion } from '../kernel/call.ts';

/**
 * Returns the current definition of the job that a call will change; `null` when there is no job. `undefined` when the
 * call changes no definition, or the job cannot be read.
 */
export function readJobBefore(
  { jobs }: Pick<Workspace, 'jobs'>,
  { name, params }: CallEffect,
): JobVersion | null | undefined {
  switch (name) {
    case 'create_job':
      return params.dry_run ? undefined : null;
    case 'restore_job':
      return null;
    case 'update_job':
      return params.dry_run ? undefined : readJobVersion(jobs, params.job_id);
    case 'delete_job':
      return readJobVersion(jobs, params.job_id);
    default:
      return undefined;
  }
}

/**
 * Returns the configuration that a call will store or delete; `undefined` when the call does neither, or the
 * configuration cannot be read.
 */
export function readConfigBefore(
  workspace: Pick<Workspace, 'configs'>,
  { name, params }: CallEffect,
): ConfigBefore | undefined {
  const isSaved = name === 'save_config' && params.dry_run !== true;
  if (!isSaved && name !== 'delete_config') return undefined;
  const version = readConfigNow(workspace, params.config_name);
  return version && { name: params.config_name, ...version, yaml: isSaved ? params.yaml : null };
}

/**
 * Reads a configuration and returns it in an object; `undefined` when it cannot be read, because the call itself
 * reports that error.
 */
export function readConfigNow(
  { configs }: Pick<Workspace, 'configs'>,
  name: string,
): { version: ConfigVersion | null } | undefined {
  try {
    const { yaml, revision } = configs.read(name);
    return { version: { yaml, revision } };
  } catch (error) {
    const isMissing = error instanceof QuickscrapeError && error.code === 'config_not_found';
    return isMissing ? { version: null } : undefined;
  }
}

function readJobVersion(jobs: Workspace['jobs'], id: string): JobVersion | undefined {
  const entry = ifAvailable(() => jobs.get(id));
  if (entry?.kind !== 'valid') return undefined;
  const { definition, revision } = entry.record;
  return { definition, revision };
}
