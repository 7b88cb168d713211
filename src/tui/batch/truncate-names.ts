/** So many names are read before one says yes. */
const MAX_NAMES = 8;

/** The names of jobs, one a line, as many as there is room for: the first few, and how many more there are. */
export function truncateNames(names: readonly string[], room = MAX_NAMES): string[] {
  const lines = Math.max(1, Math.min(MAX_NAMES, room));
  if (names.length <= lines) return [...names];
  const shown = names.slice(0, lines - 1);
  return [
    ...shown,
    `${shown.length === 0 ? '' : 'and '}${(names.length - shown.length).toLocaleString('en-US')} more`,
  ];
}
