type PathEntry = readonly [value: object, path: string];

/**
 * Where a value read from JSON has a field called `__proto__`, as a path such as `changes.expect.__proto__`; `undefined`
 * when it has none. `JSON.parse` makes it a field like any other, but what copies the value mostly loses it, so it has to
 * be refused before. Nothing is too deep.
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
