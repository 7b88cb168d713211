/**
 * Matches characters that a terminal may interpret, or that are invisible in a text. These are controls (C0 and C1,
 * including escape) and marks that change the direction of text. Tab, line feed and the joiners that several scripts
 * need are harmless.
 */
export const CONTROL_CHARACTERS =
  /(?![\t\n\u0600-\u0605\u06dd\u070f\u08e2\u200c\u200d])[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** Replaces each of these characters with `\ufffd`; CR LF becomes LF. */
export function replaceControlCharacters(text: string): string {
  return text.replaceAll('\r\n', '\n').replaceAll(CONTROL_CHARACTERS, '\ufffd');
}

const PLAIN = /^[\x20-\x7e]*$/;

/** Half of a surrogate pair: a terminal shows it as `\ufffd` anyway, which takes a cell. */
const HALF = /\p{Surrogate}/gu;

/**
 * Converts a text to one line that cannot control a terminal: control characters and halves of a character become
 * `�`, tabs and line breaks one space. For all texts that were scraped or written by a user.
 */
export function sanitizeText(text: string): string {
  return PLAIN.test(text) ? text : sanitizeLines(text).replaceAll(/[\t\n]/g, ' ');
}

/** Like {@link sanitizeText}, but tabs and line breaks stay. */
export function sanitizeLines(text: string): string {
  return replaceControlCharacters(text).replaceAll(HALF, '\ufffd');
}

/** Applies {@link sanitizeLines} to all texts in a value, names of fields too. */
export function sanitizeAll<T>(value: T): T {
  if (typeof value === 'string') return (PLAIN.test(value) ? value : sanitizeLines(value)) as T;
  if (Array.isArray(value)) return value.map(sanitizeAll) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [sanitizeAll(name), sanitizeAll(inner)]),
  ) as T;
}

/**
 * Formats JSON that a terminal cannot interpret as commands: control characters that JSON does not escape become `\u`
 * escapes. The value is the same.
 */
export function safeJson(value: unknown, indent?: number): string {
  return escapeControlCharacters(JSON.stringify(value, null, indent) ?? 'null');
}

/** Whether a text contains a character that a terminal might interpret. */
export function hasControlCharacters(text: string): boolean {
  return text.search(CONTROL_CHARACTERS) >= 0;
}

/** Replaces such characters with `\u` escapes, for text inside the double quotes of JSON or YAML. */
export function escapeControlCharacters(text: string): string {
  return text.replaceAll(CONTROL_CHARACTERS, (char) =>
    char
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}
