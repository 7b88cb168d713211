/** Formats a count with its noun: `1 item`, `1,000 items`. */
export function pluralize(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}

/** Formats names for a sentence, at most `max` of them: `a, b, c and 12 more`. */
export function truncateList(names: readonly string[], max = 5): string {
  const more = names.length > max ? ` and ${names.length - max} more` : '';
  return `${names.slice(0, max).join(', ')}${more}`;
}

/**
 * Truncates a text to at most `maxBytes` bytes of UTF-8 (100 or more). It keeps the beginning and the end, which mostly
 * describe the problem and the allowed values; between them it puts the number of omitted bytes. A short text stays
 * unchanged.
 */
export function truncateMiddle(text: string, maxBytes: number): string {
  // A character has at most 3 bytes per code unit, so a text this short needs no counting.
  if (text.length * 3 <= maxBytes) return text;
  const bytes = Buffer.from(text);
  if (bytes.length <= maxBytes) return text;
  const kept = maxBytes - MARK_BYTES;
  const end = startOfCharacter(bytes, Math.ceil((kept * 2) / 3));
  const begin = startOfCharacter(bytes, bytes.length - Math.floor(kept / 3) + 3);
  return `${bytes.toString('utf8', 0, end)}… (${begin - end} bytes left out) …${bytes.toString('utf8', begin)}`;
}

const MARK_BYTES = Buffer.byteLength('… (1000000000 bytes left out) …') + 3;

/** Returns the position at or before `at` where a character begins. */
function startOfCharacter(bytes: Buffer, at: number): number {
  let start = at;
  while (start > 0 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start -= 1;
  return start;
}

/** Capitalizes the first letter of a text. */
export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Makes a sentence from a clause, such as `it is not paused`. */
export function sentence(clause: string): string {
  return `${capitalized(clause)}.`;
}

/** Returns the error message followed by its hint, if any, as a separate sentence. */
export function withHint(message: string, hint: string | null | undefined): string {
  if (hint === undefined || hint === null || hint === '') return message;
  return /[.!?:]$/.test(message) ? `${message} ${hint}` : `${message}. ${hint}`;
}

/** Formats a place in a file: `books.yaml:11:9`, without the parts that are not known. */
export function formatLocation(
  file: string | undefined,
  line: number | undefined,
  column: number | undefined,
): string {
  return [file, line, column].filter((part) => part !== undefined).join(':');
}

/** Puts the field before an error's message, unless there is none or the message begins with it. */
export function withField(field: string, message: string): string {
  return field === '' || message.startsWith(field) ? message : `${field}: ${message}`;
}
