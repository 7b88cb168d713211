/** Formats names for a sentence, at most `max` of them: `a, b, c and 12 more`. */
export function truncateList(names: readonly string[], max = 5): string {
  const more = names.length > max ? ` and ${names.length - max} more` : '';
  return `${names.slice(0, max).join(', ')}${more}`;
}
