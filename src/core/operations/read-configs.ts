import * as z from 'zod';
import { formatInstant } from '../schedule/engine/instant.ts';
import { configNameInput } from './config-input.ts';
import { defineOperation, READ_ONLY } from './define-operation.ts';

export const listConfigs = defineOperation({
  name: 'list_configs',
  title: 'List configurations',
  description:
    'The names of the scraping configurations, with the jobs that use each. get_config shows the YAML of one.',
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
  description: 'The YAML of a scraping configuration and its revision.',
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
  handler(workspace, { config_name }) {
    const { name, yaml, revision, file } = workspace.configs.read(config_name);
    return { config_name: name, yaml, revision, file };
  },
});
