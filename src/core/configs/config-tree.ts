import { parse } from 'yaml';
import { countEntries, MAX_CONFIG_ENTRIES } from './config-size.ts';

/** Parses a configuration's top level; empty when it cannot be parsed: a run will then fail and report the reason. */
export function parseConfigTree(text: string): Record<string, unknown> {
  if (countEntries(text) > MAX_CONFIG_ENTRIES) return {};
  try {
    // Duplicate keys are left for the run to reject: checking them takes seconds for a map with thousands of keys.
    const tree: unknown = parse(text, { maxAliasCount: 0, uniqueKeys: false, logLevel: 'silent' });
    return typeof tree === 'object' && tree !== null ? (tree as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/**
 * The fields of a configuration's `output.key`, which identify its rows; none where the key is not written out. The run
 * process, which reads the configuration in full, determines the final key.
 */
export function keyInConfig(text: string): string[] {
  // Most configurations have no key and need not be parsed.
  if (!/\bkey\b/.test(text)) return [];
  const { output } = parseConfigTree(text);
  const { key = [] } = typeof output === 'object' && output !== null ? (output as { key?: unknown }) : {};
  const fields: unknown[] = Array.isArray(key) ? key : [key];
  const areSpeltOut = fields.every(
    (field) => typeof field === 'string' && field !== '' && !field.includes('$'),
  );
  return areSpeltOut ? (fields as string[]) : [];
}

/**
 * The fields of a configuration that hold the time of the fetch (`{page: fetched_at}`): a difference in them does not
 * make an item changed.
 */
export function fetchTimesInConfig(text: string): string[] {
  if (!/\bfetched_at\b/.test(text)) return [];
  const { selectors, follow } = parseConfigTree(text);
  const fields = { ...asMap(selectors), ...asMap(asMap(follow)['selectors']) };
  return Object.keys(fields).filter((name) => asMap(fields[name])['page'] === 'fetched_at');
}

function asMap(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
