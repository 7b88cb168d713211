import type { Finding } from './place.ts';
import { nearest } from './suggestions.ts';

type Tree = Readonly<Record<string, unknown>>;

/**
 * What `follow` and `dedupe` say of fields must fit the fields that there are. Holds whether or not the rest is right, so
 * it reads the raw map.
 */
export function rowFields(raw: Tree): Finding[] {
  const own = keysOf(raw['selectors']);
  const followed = keysOf(mapIn(raw['follow'])['selectors']);
  return [...namedTwice(own, followed), ...unknownKeys(raw['dedupe'], [...new Set([...own, ...followed])])];
}

function namedTwice(own: readonly string[], followed: readonly string[]): Finding[] {
  return followed
    .filter((name) => own.includes(name))
    .map((name) => ({
      path: ['follow', 'selectors', name],
      part: 'key',
      message: `the field "${name}" is among the selectors, too`,
      hint: 'Fields of the detail page are added to the row: give this one another name, or remove one of the two.',
    }));
}

function unknownKeys(dedupe: unknown, fields: readonly string[]): Finding[] {
  const names = Array.isArray(dedupe) ? dedupe : [dedupe];
  return names.flatMap((name, index) => {
    if (typeof name !== 'string' || name === '' || name.includes('${') || fields.includes(name)) return [];
    const near = nearest(name, fields);
    return {
      path: Array.isArray(dedupe) ? ['dedupe', index] : ['dedupe'],
      message: `there is no field "${name}"`,
      hint: near === undefined ? `Fields: ${fields.join(', ')}.` : `Did you mean "${near}"?`,
    };
  });
}

function keysOf(value: unknown): string[] {
  return Object.keys(mapIn(value));
}

function mapIn(value: unknown): Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Tree) : {};
}
