/** An item of a run: a JSON object. */
export type Item = Record<string, unknown>;

/** Deeper values are left out: serializing them as JSON again would overflow the stack. */
const MAX_DEPTH = 100;
const OMITTED = '…';

/**
 * Parses a line of `items.jsonl`; `undefined` for an invalid line, such as a truncated one. Other programs also write
 * these files, so values nested deeper than a hundred levels become `…`.
 */
export function parseItem(line: string): Item | undefined {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    return (isDeeper(value, MAX_DEPTH) ? limitDepth(value, MAX_DEPTH) : value) as Item;
  } catch {
    return undefined;
  }
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((each) => isDeeper(each, levels - 1));
}

function limitDepth(value: unknown, levels: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (levels === 0) return OMITTED;
  if (Array.isArray(value)) return value.map((each) => limitDepth(each, levels - 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, limitDepth(each, levels - 1)]),
  );
}
