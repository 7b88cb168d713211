/** Adds to a count by name. A name such as `constructor`, which objects inherit, begins at 0 as any other. */
export function increase(counts: Record<string, number>, name: string, by = 1): void {
  counts[name] = (Object.hasOwn(counts, name) ? (counts[name] ?? 0) : 0) + by;
}
