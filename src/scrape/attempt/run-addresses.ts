import { refuseLink } from '../../core/fs/symlinks.ts';
import type { RunRecord } from '../../core/model/run-record.ts';
import { getPersistentFiles } from '../../core/runs/run-files.ts';
import type { Workspace } from '../../core/workspace.ts';
import { FetchedAddresses } from '../addresses/fetched-addresses.ts';
import { openJobRows } from '../addresses/home-job-rows.ts';
import type { AddressAccess } from '../addresses/list-start-urls.ts';

/**
 * Lets a run take addresses from the files and the jobs of its home.
 * @param isClients whether a program wrote the configuration
 */
export function createAddressAccess(
  workspace: Workspace,
  { jobId, runId, retryOf }: Pick<RunRecord, 'jobId' | 'runId' | 'retryOf'>,
  isClients: boolean,
): AddressAccess {
  const { paths, runs } = workspace;
  const { folder, fetched } = getPersistentFiles(paths, jobId);
  refuseLink(folder);
  return {
    folders: { folder: paths.configs, paths },
    openJob: (job) => openJobRows(workspace, job, isClients),
    fetched: new FetchedAddresses(fetched, runId, (id) => runs.get(id)?.status, retryOf !== null),
  };
}
