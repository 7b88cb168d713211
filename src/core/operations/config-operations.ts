import * as z from 'zod';
import { ConfigEdits, checkRevision } from '../configs/config-edits.ts';
import { nodeFileSystem } from '../fs/atomic-file.ts';
import { readRegularFile } from '../fs/read-regular-file.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import { truncateList } from '../lib/text.ts';
import { parseName } from '../model/ids.ts';
import { type JobEntry, MAX_JOB_FILE_BYTES } from '../model/job-record.ts';
import { formatInstant } from '../schedule/engine/instant.ts';
import type { Workspace } from '../workspace.ts';
import { revisionsFor, showText } from './concealment.ts';
import {
  configChangesInput,
  describeDifference,
  type GivenText,
  resolveGivenText,
} from './config-changes.ts';
import { defineOperation, READ_ONLY } from './define-operation.ts';
import { requireConfig } from './find-or-throw.ts';
import { configNameInput, ifConfigRevisionInput, yamlInput } from './operation-fields.ts';
import { storeConfig } from './store-config.ts';

export const listConfigs = defineOperation({
  name: 'list_configs',
  title: 'List configurations',
  description: 'Lists the configurations (what to scrape) and the jobs that use each.',
  input: () => z.strictObject({}),
  output: () =>
    z.object({
      configs: z.array(
        z.object({
          config_name: z.string(),
          updated_at: z.string().describe('RFC 3339, UTC'),
          jobs: z.array(z.string()).describe('Ids of the jobs that use it'),
        }),
      ),
      total: z.int(),
    }),
  annotations: READ_ONLY,
  errors: [],
  handler(workspace) {
    const users = new Map<string, string[]>();
    for (const entry of workspace.jobs.list()) {
      if (entry.kind !== 'valid') continue;
      const { config_name } = entry.record.definition;
      users.set(config_name, [...(users.get(config_name) ?? []), entry.id]);
    }
    const configs = workspace.configs.list().map(({ name, updatedAt }) => ({
      config_name: name,
      updated_at: formatInstant(updatedAt, 'UTC'),
      jobs: users.get(name) ?? [],
    }));
    return { configs, total: configs.length };
  },
});

export const getConfig = defineOperation({
  name: 'get_config',
  title: 'Show a configuration',
  description: 'The YAML of a configuration, and its revision for save_config.',
  input: () => z.strictObject({ config_name: configNameInput() }),
  output: () =>
    z.object({
      config_name: z.string(),
      yaml: z.string(),
      revision: z.string().describe('Changes with the content'),
      file: z.string(),
    }),
  annotations: READ_ONLY,
  errors: ['config_not_found', 'invalid_config'],
  handler(workspace, { config_name }, context) {
    const { name, yaml, file } = workspace.configs.read(config_name);
    const revision = revisionsFor(workspace, context)(name, yaml);
    return { config_name: name, yaml: showText(yaml, context), revision, file };
  },
});

export const saveConfig = defineOperation({
  name: 'save_config',
  title: 'Save a configuration',
  description:
    'Stores the yaml of a configuration, or changes in the stored text; the earlier text goes to the trash. A text ' +
    'that cannot run is refused, with line and column. Try it by test_config first. Keys: ' +
    'quickscrape://{help,schema}/configuration.',
  input: () =>
    z.strictObject({
      config_name: configNameInput().describe('Lower-case letters, digits, - and _; at most 64'),
      yaml: yamlInput().optional(),
      changes: configChangesInput(),
      if_revision: ifConfigRevisionInput(),
      dry_run: z.boolean().default(false).describe('Check and show only'),
    }),
  output: () =>
    z.object({
      config_name: z.string(),
      created: z.boolean().describe('There was none of this name'),
      changed: z.boolean().describe('The text is another one than before'),
      revision: z.string().describe('Changes with the content'),
      file: z.string(),
      diff: z
        .array(z.string())
        .optional()
        .describe('With changes: the lines that differ, - before and + after'),
      warnings: z
        .array(
          z.object({
            path: z.string().describe('The key, such as pagination.type'),
            message: z.string(),
            line: z.int(),
            column: z.int(),
            hint: z.string().optional(),
          }),
        )
        .describe('What is allowed and perhaps not meant, such as a variable that is not set here'),
    }),
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  errors: ['invalid_config', 'conflict', 'config_not_found'],
  async handler(workspace, { config_name, if_revision, dry_run, ...given }, context) {
    parseName(config_name, 'config_name');
    const text = resolveToSave(workspace, config_name, given);
    // The changes are for the text that was read: after another edit they are not saved.
    const revision = text.isChanged ? revisionsFor(workspace, context)(config_name, text.yaml) : undefined;
    if (revision !== undefined) checkRevision(config_name, { revision }, if_revision);
    const toStore = {
      ...text,
      ifRevision: revision ?? if_revision,
      forRun: context.isAlreadyStored ?? false,
      isDryRun: dry_run,
    };
    const { saved, yaml, warnings: found } = await storeConfig(workspace, config_name, toStore, context);
    const warnings = found.map(({ path, message, line = 1, column = 1, hint }) => ({
      path,
      message,
      line,
      column,
      ...(hint !== undefined && { hint }),
    }));
    const [before, after] = [text.yaml, yaml].map((one) => showText(one, context));
    const diff = revision === undefined ? undefined : describeDifference(before ?? '', after ?? '');
    return { config_name, ...saved, ...(diff && { diff }), warnings };
  },
});

function resolveToSave(
  workspace: Workspace,
  name: string,
  given: Parameters<typeof resolveGivenText>[2],
): GivenText {
  const isGiven = given.yaml !== undefined || given.changes !== undefined;
  const text = isGiven ? resolveGivenText(workspace, name, given) : undefined;
  if (text !== undefined) return text;
  throw new QuickscrapeError('invalid_params', 'yaml: missing; give yaml, or changes in the stored text', {
    field: 'yaml',
    hint: 'yaml is the whole text. changes are new values by key: {"selectors.price": ".amount"}.',
  });
}

export const deleteConfig = defineOperation({
  name: 'delete_config',
  title: 'Delete a configuration',
  description:
    'Deletes a configuration; its text waits 30 days in the trash. While jobs use it: conflict with their ids.',
  input: () => z.strictObject({ config_name: configNameInput(), if_revision: ifConfigRevisionInput() }),
  output: () => z.object({ deleted: z.boolean() }),
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  errors: ['config_not_found', 'conflict'],
  async handler(workspace, { config_name, if_revision }, context) {
    requireConfig(workspace, config_name);
    const assertUnused = () => refuseIfUsed(workspace, config_name);
    const edits = new ConfigEdits(workspace, nodeFileSystem, revisionsFor(workspace, context));
    await edits.delete(config_name, assertUnused, if_revision);
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
