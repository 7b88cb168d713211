import { distance } from 'fastest-levenshtein';

/** Returns at most `max` names that are similar to `wanted`, the nearest first; an empty list when none is similar. */
export function closestNames(wanted: string, names: readonly string[], max = 3): string[] {
  const far = Math.max(2, Math.floor(wanted.length / 3));
  return (
    names
      // The distance is at least the difference in length. Comparing would be slow if a client sends a megabyte.
      .filter((name) => name.startsWith(wanted) || Math.abs(name.length - wanted.length) <= far)
      .map((name) => ({ name, steps: name.startsWith(wanted) ? 1 : stepsTo(wanted, name) }))
      .filter(({ steps }) => steps <= far)
      .sort((a, b) => a.steps - b.steps || (a.name < b.name ? -1 : 1))
      .slice(0, max)
      .map(({ name }) => name)
  );
}

/** Returns the edits that make one text of another; two neighbours that are swapped first of all (`titel`) count as one. */
export function countEdits(one: string, other: string): number {
  const edits = distance(one, other);
  let at = 0;
  while (at < one.length && one[at] === other[at]) at += 1;
  const isSwapped = at + 1 < one.length && one[at] === other[at + 1] && one[at + 1] === other[at];
  return edits > 1 && isSwapped
    ? Math.min(edits, 1 + distance(one.slice(at + 2), other.slice(at + 2)))
    : edits;
}

/** Other capitals and separators count as one step. */
function stepsTo(wanted: string, name: string): number {
  return bareName(wanted) === bareName(name) ? 1 : countEdits(wanted, name);
}

/** The hint for a name that is not allowed: the nearest allowed ones, otherwise all of them. */
export function hintForName(wanted: string, allowed: readonly string[]): string {
  const close = closestNames(wanted, allowed);
  return close.length > 0 ? `Did you mean ${close.join(' or ')}?` : `Allowed: ${allowed.join(', ')}`;
}

/**
 * Returns the field whose name has the same letters with other capitals or separators (`maxRetries`, `Max-Retries`,
 * `max retries`). `undefined` when the name is correct already, or matches no field.
 */
export function correctSpelling<F extends string>(name: string, fields: readonly F[]): F | undefined {
  if ((fields as readonly string[]).includes(name)) return undefined;
  const bare = bareName(name);
  return fields.find((field) => bareName(field) === bare);
}

function bareName(name: string): string {
  return name.toLowerCase().replaceAll(/[\s_-]/g, '');
}
