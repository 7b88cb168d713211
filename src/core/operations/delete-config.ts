import * as z from 'zod';
import { ConfigEdits } from '../configs/config-edits.ts';
import { readRegularFile } from '../fs/read-regular-file.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import { truncateList } from '../lib/truncate-list.ts';
import type { JobEntry } from '../model/job-record.ts';
import { MAX_JOB_FILE_BYTES } from '../model/job-record.ts';
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
    const assertUnused = () => refuseIfUsed(workspace, config_name);
    await new ConfigEdits(workspace).delete(config_name, assertUnused, if_revision);
    return { deleted: true };
  },
});

function refuseIfUsed(workspace: Workspace, configName: string): void {
  const users = workspace.jobs.list().filter((entry) => usesConfig(entry, configName));
  if (users.length === 0) return;
  const ids = truncateList(users.map(({ id }) => id));
  const unusable = users.filter(({ kind }) => kind !== 'valid');
  throw new QuickscrapeError(
    'conflict',
    `configuration ${configName} is used by ${users.length === 1 ? 'job' : 'jobs'} ${ids}`,
    {
      field: 'config_name',
      hint:
        unusable.length < users.length
          ? { id: 'free_config' }
          : `Fix or remove first, by hand: ${truncateList(unusable.map(jobFile))}`,
    },
  );
}

function usesConfig(entry: JobEntry, configName: string): boolean {
  if (entry.kind === 'valid') return entry.record.definition.config_name === configName;
  // After the file is repaired, or read by the version that wrote it, the job will need its configuration.
  return readCompactText(entry.file).includes(`"config_name":"${configName}"`);
}

function jobFile(entry: JobEntry): string {
  return entry.kind === 'valid' ? entry.record.file : entry.file;
}

/** The file's text without white space, which a name cannot contain; empty when the file cannot be read. */
function readCompactText(file: string): string {
  try {
    return readRegularFile(file, MAX_JOB_FILE_BYTES).toString('utf8').replaceAll(/\s+/g, '');
  } catch {
    return '';
  }
}
