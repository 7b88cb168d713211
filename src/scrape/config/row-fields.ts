import type { Finding } from './issue-location.ts';
import { findNearestName } from './nearest-name.ts';

type Tree = Readonly<Record<string, unknown>>;

/**
 * What `follow` and `dedupe` say of fields must fit the fields that there are. Holds whether or not the rest is right, so
 * it reads the raw map.
 */
export function checkRowFields(raw: Tree): Finding[] {
  const own = getKeys(raw['selectors']);
  const followed = getKeys(asRecord(raw['follow'])['selectors']);
  return [
    ...findDuplicateNames(own, followed),
    ...findUnknownKeys(raw['dedupe'], [...new Set([...own, ...followed])]),
  ];
}

function findDuplicateNames(own: readonly string[], followed: readonly string[]): Finding[] {
  return followed
    .filter((name) => own.includes(name))
    .map((name) => ({
      path: ['follow', 'selectors', name],
      part: 'key',
      message: `the field "${name}" is among the selectors, too`,
      hint: 'Fields of the detail page are added to the row: give this one another name, or remove one of the two.',
    }));
}

function findUnknownKeys(dedupe: unknown, fields: readonly string[]): Finding[] {
  const names = Array.isArray(dedupe) ? dedupe : [dedupe];
  return names.flatMap((name, index) => {
    if (typeof name !== 'string' || name === '' || name.includes('${') || fields.includes(name)) return [];
    const suggestion = findNearestName(name, fields);
    return {
      path: Array.isArray(dedupe) ? ['dedupe', index] : ['dedupe'],
      message: `there is no field "${name}"`,
      hint: suggestion === undefined ? `Fields: ${fields.join(', ')}.` : `Did you mean "${suggestion}"?`,
    };
  });
}

function getKeys(value: unknown): string[] {
  return Object.keys(asRecord(value));
}

function asRecord(value: unknown): Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Tree) : {};
}
