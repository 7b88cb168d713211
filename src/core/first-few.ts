/** `a, b, c and 12 more`: names for a sentence, no more of them than a line bears. */
export function firstFew(names: readonly string[], most = 5): string {
  const more = names.length > most ? ` and ${names.length - most} more` : '';
  return `${names.slice(0, most).join(', ')}${more}`;
}
