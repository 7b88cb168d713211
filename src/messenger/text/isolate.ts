/** Letters that are written from right to left, by the blocks that Unicode reserves for them (UAX #9). */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/**
 * Keeps the direction of a value to itself, so that `10 → 8` with letters from right to left does not read as `8 → 10`.
 * Other values stay as they are.
 */
export function isolate(value: string): string {
  return RIGHT_TO_LEFT.test(value) ? `\u2068${value}\u2069` : value;
}
