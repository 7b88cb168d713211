import { isEmpty } from '../extract/field-value.ts';
import type { JsonValue } from '../extract/item.ts';

/**
 * Whether a value is there at the end of a path of keys. A list on the way to it (`multiple` with `children`) has entries,
 * and each of them has it.
 */
export function hasValue(value: JsonValue, path: readonly string[]): boolean {
  if (Array.isArray(value) && path.length > 0)
    return value.length > 0 && value.every((entry) => hasValue(entry, path));
  const [key, ...rest] = path;
  if (key === undefined) return !isEmpty(value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return hasValue(Object.hasOwn(value, key) ? (value[key] ?? null) : null, rest);
}
