/**
 * Wraps a function so that it runs at the first call; later calls return the same result. For results that are
 * expensive to create and often not needed, such as a schema or a separate module.
 */
export function once<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
