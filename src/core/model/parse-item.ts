/** An item of a run: a JSON object. */
export type Item = Record<string, unknown>;

/** What is nested deeper is left out: whoever writes it as JSON again would run out of stack. */
const MAX_DEPTH = 100;
const OMITTED = '…';

/**
 * The item that a line of `items.jsonl` holds; `undefined` for a line that is none, such as one that was cut off. Other
 * programs write these files, too: what lies more than a hundred levels deep in an item is `…`.
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
