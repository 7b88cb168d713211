/** How a text begins that a spreadsheet takes for a formula (OWASP, "CSV Injection"), full-width signs as well. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

/** A number with a sign is none: `-5`, `+4.5`, `-12,50 %`, `+49`. */
const SIGNED_NUMBER = /^[+-]\d+(?:[.,\u00A0\u202F' ]\d+)*(?:[eE][+-]?\d+)?\s?%?$/;

/** Puts a quote before a text that a spreadsheet would run as a formula; it then shows the text. */
export function escapeFormula(text: string): string {
  return FORMULA.test(text) && !SIGNED_NUMBER.test(text) ? `'${text}` : text;
}
