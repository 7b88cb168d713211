/**
 * The same function, carried out when it is called for the first time; later calls get what that gave. For what costs much
 * to make and is often not needed, such as a schema or a module of its own.
 */
export function once<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
