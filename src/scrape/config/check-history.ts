import { asRecord } from '../../core/lib/json.ts';
import { findVariables, namesIn } from './changes.ts';
import { hintForField } from './cross-checks.ts';
import { getWrittenFields } from './follow.ts';
import type { Finding } from './issue-location.ts';

type Tree = Readonly<Record<string, unknown>>;

/**
 * Checks that `history` names fields that exist, and that rows have a key. Like `changes`, it is read without variables
 * where runs that have ended are read.
 */
export function checkHistory(raw: Tree): Finding[] {
  const { history } = raw;
  if (history === undefined || history === null) return [];
  const fields = getWrittenFields(raw);
  const key = namesIn(asRecord(raw['changes'])['key'] ?? asRecord(raw['output'])['key'], []).map(
    ({ name }) => name,
  );
  const names = namesIn(history, ['history']);
  const withoutKey: Finding = {
    path: ['history'],
    part: 'key',
    message: 'no key identifies a row, so its values cannot be followed from run to run',
    hint: 'Name the field that does: changes: {key: link}.',
  };
  return [
    ...findVariables(history, ['history']),
    ...(key.length === 0 ? [withoutKey] : []),
    ...names.flatMap(({ name, path }, at): Finding[] => {
      if (name === '' || name.includes('${')) return [];
      if (!Object.hasOwn(fields, name))
        return [
          { path, message: `there is no field "${name}"`, hint: hintForField(name, Object.keys(fields)) },
        ];
      if (key.includes(name))
        return [{ path, message: `"${name}" is the key, which never changes`, hint: 'Leave it out.' }];
      if (names.findIndex((other) => other.name === name) < at)
        return [{ path, message: `"${name}" is named twice`, hint: 'Leave one out.' }];
      if (asRecord(fields[name])['page'] === 'fetched_at')
        return [
          {
            path,
            message: `"${name}" is the time of fetching, which every run changes`,
            hint: 'Leave it out.',
          },
        ];
      return [];
    }),
  ];
}
