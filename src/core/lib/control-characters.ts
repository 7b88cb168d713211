/**
 * Characters that a terminal may act upon, or that hide in a text: controls (C0 and C1, escape among them) and marks
 * that turn the direction of text. Tab, line feed and the joiners that several scripts need are no danger.
 */
export const CONTROL_CHARACTERS =
  /(?![\t\n\u0600-\u0605\u06dd\u070f\u08e2\u200c\u200d])[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** The text with `\ufffd` in the place of each; CR LF becomes LF. */
export function replaceControlCharacters(text: string): string {
  return text.replaceAll('\r\n', '\n').replaceAll(CONTROL_CHARACTERS, '\ufffd');
}
