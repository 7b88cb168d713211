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
