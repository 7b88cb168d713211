/** Truncates a text to at most `maxBytes` of UTF-8, at a character boundary, and marks the cut with an ellipsis. */
export function truncateUtf8(text: string, maxBytes: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= maxBytes) return text;
  let end = maxBytes - Buffer.byteLength('…');
  while (end > 0 && isWithinCharacter(bytes[end])) end -= 1;
  return `${bytes.toString('utf8', 0, end)}…`;
}

/** As {@link truncateUtf8}, but a text with words ends after one of them. */
export function truncateAtSpace(text: string, maxBytes: number): string {
  const kept = truncateUtf8(text, maxBytes);
  const space = kept === text ? -1 : kept.lastIndexOf(' ');
  return space <= 0 ? kept : `${kept.slice(0, space)} …`;
}

function isWithinCharacter(byte = 0): boolean {
  return (byte & 0xc0) === 0x80;
}

/** The size limits of a value. */
export interface TruncationLimits {
  /** Bytes of a text, or of a field's name. */
  text: number;
  /** Entries of a list within a field. */
  entries: number;
  /** Fields of an object. */
  fields: number;
  /** Levels of nested objects and lists; a deeper value becomes the beginning of its JSON. */
  depth: number;
}

/** Truncates a value. A marker in each text, list of texts or object says what was left out. */
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
