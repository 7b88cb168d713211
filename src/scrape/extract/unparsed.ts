/** Values of one field that could not be read, for one reason. */
export interface Unparsed {
  field: string;
  /** What fits behind the sample: `is no date`. */
  reason: string;
  count: number;
  /** The first of them, cut. */
  sample: string;
}

const MAX_SAMPLE_CHARACTERS = 80;

/** Counts values that could not be read as the configuration says. */
export class UnparsedValues {
  readonly #counts = new Map<string, Unparsed>();

  add(field: string, reason: string, text: string, count = 1): void {
    const key = `${field}\n${reason}`;
    const before = this.#counts.get(key);
    if (before !== undefined) before.count += count;
    else this.#counts.set(key, { field, reason, count, sample: truncate(text) });
  }

  list(): Unparsed[] {
    return [...this.#counts.values()];
  }
}

/** `price: 3 values are null, such as "ask us", which is no number` */
export function describeUnparsed({ field, reason, count, sample }: Unparsed): string {
  return count === 1
    ? `${field}: "${sample}" ${reason}, so the value is null`
    : `${field}: ${count} values are null, such as "${sample}", which ${reason}`;
}

/** On one line, and without half a character at its end. */
function truncate(text: string): string {
  const line = text
    .slice(0, 4 * MAX_SAMPLE_CHARACTERS)
    .replaceAll(/\s+/g, ' ')
    .trim();
  if (line.length <= MAX_SAMPLE_CHARACTERS) return line;
  return `${line.slice(0, MAX_SAMPLE_CHARACTERS).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
