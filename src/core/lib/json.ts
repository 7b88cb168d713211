/** Parses a JSON text; `undefined` when it is invalid, such as one in a damaged row of the database. */
export function tryParseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether a value read from JSON or YAML is an object with fields, not a list or `null`. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return isObject(value) && !Array.isArray(value);
}

/** Like {@link isRecord}, for code that only reads fields: anything else has none. */
export function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {};
}

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
