import * as z from 'zod';
import { formatInstant } from '../schedule/engine/instant.ts';
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
