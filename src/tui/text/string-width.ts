import measured, { type Options } from 'string-width';

/**
 * Letters of Latin, Greek and Cyrillic, marks, arrows, lines and blocks of which each is one cell and none joins with
 * another one of them. No emoji, no combining mark, nothing wide; the test counts them all.
 */
const NARROW =
  /^[\x20-\x7e\u00a0-\u00ac\u00ae-\u02ff\u038e-\u03a1\u03a3-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u2190-\u2319\u2460-\u25fc\u2713-\u2718\u2800-\u28ff]*$/;

/** Whether a text takes a cell for each of its code units. */
export function isNarrow(text: string): boolean {
  return NARROW.test(text);
}

/**
 * The cells of a text, as string-width measures them. Its first look at what is not ASCII takes a tenth of a second on a
 * slow machine, as it compiles the pattern of all emoji: so it is asked where a text may hold one. The bundle gives this
 * to Ink too (build/ink.mjs).
 */
export default function stringWidth(text: string, options?: Options): number {
  return isNarrow(text) && options?.ambiguousIsNarrow !== false ? text.length : measured(text, options);
}
