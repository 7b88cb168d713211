import { parse } from 'yaml';
import { countEntries, MAX_CONFIG_ENTRIES } from './config-size.ts';

/** A configuration's top level; empty when it cannot be read: the run will fail over it and say why. */
export function parseConfigTree(text: string): Record<string, unknown> {
  if (countEntries(text) > MAX_CONFIG_ENTRIES) return {};
  try {
    // A key that appears twice is the run's to refuse; to look for them takes seconds where a map has thousands.
    const tree: unknown = parse(text, { maxAliasCount: 0, uniqueKeys: false, logLevel: 'silent' });
    return typeof tree === 'object' && tree !== null ? (tree as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

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
