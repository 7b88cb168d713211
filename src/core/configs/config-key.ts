import { parseConfigTree } from './config-tree.ts';

/**
 * The fields of a configuration's `output.key`, by which its rows are known; none where it has none that is spelt out.
 * The run process, which knows the configuration in full, has the last word.
 */
export function keyInConfig(text: string): string[] {
  // Most configurations have none, and need not be parsed for it.
  if (!/\bkey\b/.test(text)) return [];
  const { output } = parseConfigTree(text);
  const { key = [] } = typeof output === 'object' && output !== null ? (output as { key?: unknown }) : {};
  const fields: unknown[] = Array.isArray(key) ? key : [key];
  const areSpeltOut = fields.every(
    (field) => typeof field === 'string' && field !== '' && !field.includes('$'),
  );
  return areSpeltOut ? (fields as string[]) : [];
}

/** The fields of a configuration that say when a page was fetched (`{page: fetched_at}`): no item has changed by them. */
export function fetchTimesInConfig(text: string): string[] {
  if (!/\bfetched_at\b/.test(text)) return [];
  const { selectors, follow } = parseConfigTree(text);
  const fields = { ...asMap(selectors), ...asMap(asMap(follow)['selectors']) };
  return Object.keys(fields).filter((name) => asMap(fields[name])['page'] === 'fetched_at');
}

function asMap(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
