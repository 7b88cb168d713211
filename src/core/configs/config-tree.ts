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
