import { treeOf } from './config-tree.ts';

/**
 * The fields of a configuration's `output.key`, by which its rows are known; none where it has none that is spelt out.
 * The run process, which knows the configuration in full, has the last word.
 */
export function keyInConfig(text: string): string[] {
  // Most configurations have none, and need not be parsed for it.
  if (!/\bkey\b/.test(text)) return [];
  const { output } = treeOf(text);
  const { key = [] } = typeof output === 'object' && output !== null ? (output as { key?: unknown }) : {};
  const fields: unknown[] = Array.isArray(key) ? key : [key];
  const areSpeltOut = fields.every(
    (field) => typeof field === 'string' && field !== '' && !field.includes('$'),
  );
  return areSpeltOut ? (fields as string[]) : [];
}
