/** `a, b, c and 12 more`: names for a sentence, no more of them than a line bears. */
export function truncateList(names: readonly string[], max = 5): string {
  const more = names.length > max ? ` and ${names.length - max} more` : '';
  return `${names.slice(0, max).join(', ')}${more}`;
}
