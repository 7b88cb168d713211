type PathEntry = readonly [value: object, path: string];

/**
 * Finds a field called `__proto__` in a value read from JSON. Returns its path, such as `changes.expect.__proto__`;
 * `undefined` when there is none. `JSON.parse` creates it as an ordinary field, but most code that copies the value
 * loses it, so it must be rejected before. Works at any depth.
 */
export function protoField(value: unknown): string | undefined {
  const places: PathEntry[] = isObject(value) ? [[value, '']] : [];
  for (let place = places.pop(); place !== undefined; place = places.pop()) {
    const [at, path] = place;
    if (Object.hasOwn(at, '__proto__')) return `${path}__proto__`;
    for (const [name, inner] of Object.entries(at))
      if (isObject(inner)) places.push([inner, `${path}${name}.`]);
  }
  return undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
