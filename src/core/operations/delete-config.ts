import * as z from 'zod';
import { QuickscrapeError } from '../errors.ts';
import { firstFew } from '../first-few.ts';
import type { JobEntry } from '../job/record.ts';
import { ConfigEdits } from '../store/config-edits.ts';
import { LARGEST_JOB_FILE } from '../store/job-version.ts';
import { readRegularFile } from '../store/read-regular-file.ts';
import type { Workspace } from '../workspace.ts';
import { configNameInput, ifConfigRevisionInput } from './config-input.ts';
import { defineOperation } from './define-operation.ts';
import { requireConfig } from './require-config.ts';

export const deleteConfig = defineOperation({
  name: 'delete_config',
  title: 'Delete a configuration',
  description:
    'Deletes a scraping configuration; its text waits 30 days in the home’s trash folder. While a job names it: ' +
    'conflict with the jobs’ ids; delete them first (delete_job), or give them another configuration (update_job). ' +
    'Outputs and runs stay.',
  input: () => z.strictObject({ config_name: configNameInput(), if_revision: ifConfigRevisionInput() }),
  output: () => z.object({ deleted: z.boolean() }),
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  errors: ['config_not_found', 'conflict'],
  async handler(workspace, { config_name, if_revision }) {
    requireConfig(workspace, config_name);
    const mustBeUnused = () => refuseWhileUsed(workspace, config_name);
    await new ConfigEdits(workspace).delete(config_name, mustBeUnused, if_revision);
    return { deleted: true };
  },
});

function refuseWhileUsed(workspace: Workspace, configName: string): void {
  const users = workspace.jobs.list().filter((entry) => names(entry, configName));
  if (users.length === 0) return;
  const ids = firstFew(users.map(({ id }) => id));
  const unusable = users.filter(({ kind }) => kind !== 'valid');
  throw new QuickscrapeError(
    'conflict',
    `configuration ${configName} is used by ${users.length === 1 ? 'job' : 'jobs'} ${ids}`,
    {
      field: 'config_name',
      hint:
        unusable.length < users.length
          ? 'Delete the jobs first (delete_job), or give them another configuration (update_job).'
          : `Mend or remove first, by hand: ${firstFew(unusable.map(fileOf))}`,
    },
  );
}

function names(entry: JobEntry, configName: string): boolean {
  if (entry.kind === 'valid') return entry.record.definition.config_name === configName;
  // Once it is mended, or read by the version that wrote it, it will want its configuration.
  return textOf(entry.file).includes(`"config_name":"${configName}"`);
}

function fileOf(entry: JobEntry): string {
  return entry.kind === 'valid' ? entry.record.file : entry.file;
}

/** Without white space, which a name cannot hold; empty when the file cannot be read. */
function textOf(file: string): string {
  try {
    return readRegularFile(file, LARGEST_JOB_FILE).toString('utf8').replaceAll(/\s+/g, '');
  } catch {
    return '';
  }
}
