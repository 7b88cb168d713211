import { truncateUtf8 } from './truncate-utf8.ts';

/** How much of a value is kept. */
export interface TruncationLimits {
  /** Bytes of a text, or of a field's name. */
  text: number;
  /** Entries of a list that stands in a field. */
  entries: number;
  /** Fields of an object. */
  fields: number;
  /** Objects and lists within each other; what is deeper becomes the beginning of its JSON. */
  depth: number;
}

/** The value with less in it: what is left out of a text, a list of texts or an object is said in its place. */
export function truncateValues(value: unknown, cut: TruncationLimits): unknown {
  if (typeof value === 'string') return truncateLongText(value, cut.text);
  if (typeof value !== 'object' || value === null) return value;
  if (cut.depth === 0) return truncateLongText(JSON.stringify(value), cut.text);
  const inside = { ...cut, depth: cut.depth - 1 };
  if (Array.isArray(value)) {
    const kept = value.slice(0, cut.entries).map((entry) => truncateValues(entry, inside));
    const isCut = kept.length < value.length && kept.every((entry) => typeof entry === 'string');
    return isCut ? [...kept, `… (${value.length} entries)`] : kept;
  }
  const fields = Object.entries(value);
  const kept = fields
    .slice(0, cut.fields)
    .map(([name, inner]) => [truncateUtf8(name, cut.text), truncateValues(inner, inside)] as const);
  const left = fields.length - kept.length;
  return Object.fromEntries(left > 0 ? [...kept, ['…', `${left} more fields`]] : kept);
}

function truncateLongText(text: string, maxBytes: number): string {
  const kept = truncateUtf8(text, maxBytes);
  return kept === text ? text : `${kept} (${text.length} characters)`;
}
