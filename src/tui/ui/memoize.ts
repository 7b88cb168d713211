/**
 * Memoizes `compute` by object identity; an entry is released with its object. Use it for immutable data, such as the
 * rows of all jobs: with ten thousand rows, no key press may iterate over all of them.
 */
export function memoize<K extends object, V>(compute: (key: K) => V): (key: K) => V {
  const known = new WeakMap<K, { value: V }>();
  return (key) => {
    const before = known.get(key);
    if (before !== undefined) return before.value;
    const value = compute(key);
    known.set(key, { value });
    return value;
  };
}
