/** So many names are read before one says yes. */
const MOST_NAMES = 8;

/** The names of jobs, one a line: the first few, and how many more there are. */
export function namesOf(ids: readonly string[]): string[] {
  if (ids.length <= MOST_NAMES) return [...ids];
  const shown = ids.slice(0, MOST_NAMES - 1);
  return [...shown, `and ${(ids.length - shown.length).toLocaleString('en-US')} more`];
}
