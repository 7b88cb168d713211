/**
 * How many cases a property is tried with: a quarter of `count`, as a person waits for them, and all where
 * QS_PROPERTIES is `all`, as in test/nightly.mjs.
 */
export function propertyRuns(count: number): number {
  return process.env['QS_PROPERTIES'] === 'all' ? count : Math.ceil(count / 4);
}
