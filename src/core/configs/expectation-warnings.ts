import { hintForName } from '../lib/closest-names.ts';
import type { JobDefinition } from '../model/definition.ts';
import type { ConfigStore } from './config-store.ts';
import { fieldsInConfig } from './config-values.ts';

/**
 * A sentence for each field that a job's `expect` names and its configuration does not have: every run would fail. None
 * while the configuration cannot be read, which other messages report.
 */
export function expectationWarnings(
  { config_name, expect }: Pick<JobDefinition, 'config_name' | 'expect'>,
  configs: Pick<ConfigStore, 'read'>,
): string[] {
  const named = [
    ...(expect?.required_fields ?? []).map((field) => ({ field, where: 'expect.required_fields' })),
    ...Object.keys(expect?.min_fill_percent ?? {}).map((field) => ({
      field,
      where: 'expect.min_fill_percent',
    })),
  ];
  if (named.length === 0) return [];
  const fields = readFields(configs, config_name);
  if (fields.length === 0) return [];
  return named
    .filter(({ field }) => !fields.includes(field))
    .map(
      ({ field, where }) =>
        `${where}: configuration ${config_name} has no field ${field}, so every run would fail. ${hintForName(field, fields)}`,
    );
}

function readFields(configs: Pick<ConfigStore, 'read'>, name: string): string[] {
  try {
    return fieldsInConfig(configs.read(name).yaml);
  } catch {
    return [];
  }
}
