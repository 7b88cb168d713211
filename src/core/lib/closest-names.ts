import { distance } from 'fastest-levenshtein';

/** The names (at most `most`) that a person may have meant by `wanted`, the nearest first; none when all are far. */
export function closestNames(wanted: string, names: readonly string[], max = 3): string[] {
  const far = Math.max(2, Math.floor(wanted.length / 3));
  return (
    names
      // No nearer than their lengths differ; to compare takes long when a program sends a megabyte.
      .filter((name) => name.startsWith(wanted) || Math.abs(name.length - wanted.length) <= far)
      .map((name) => ({ name, steps: name.startsWith(wanted) ? 1 : distance(wanted, name) }))
      .filter(({ steps }) => steps <= far)
      .sort((a, b) => a.steps - b.steps || (a.name < b.name ? -1 : 1))
      .slice(0, max)
      .map(({ name }) => name)
  );
}
