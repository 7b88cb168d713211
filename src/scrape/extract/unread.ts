/** Values of one field that could not be read, for one reason. */
export interface Unread {
  field: string;
  /** What fits behind the sample: `is no date`. */
  reason: string;
  count: number;
  /** The first of them, cut. */
  sample: string;
}

const LONGEST_SAMPLE = 80;

/** Counts values that could not be read as the configuration says. */
export class UnreadValues {
  readonly #counts = new Map<string, Unread>();

  add(field: string, reason: string, text: string, count = 1): void {
    const key = `${field}\n${reason}`;
    const before = this.#counts.get(key);
    if (before !== undefined) before.count += count;
    else this.#counts.set(key, { field, reason, count, sample: cut(text) });
  }

  list(): Unread[] {
    return [...this.#counts.values()];
  }
}

/** `price: 3 values are null, such as "ask us", which is no number` */
export function unreadText({ field, reason, count, sample }: Unread): string {
  return count === 1
    ? `${field}: "${sample}" ${reason}, so the value is null`
    : `${field}: ${count} values are null, such as "${sample}", which ${reason}`;
}

/** On one line, and without half a character at its end. */
function cut(text: string): string {
  const line = text
    .slice(0, 4 * LONGEST_SAMPLE)
    .replaceAll(/\s+/g, ' ')
    .trim();
  if (line.length <= LONGEST_SAMPLE) return line;
  return `${line.slice(0, LONGEST_SAMPLE).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
