import { asRecord } from '../../core/lib/json.ts';
import {
  ANY_CHANGE,
  type ChangeRules,
  EVERY_CHANGE,
  NUMBER_CONDITIONS,
} from '../../core/model/change-rules.ts';
import { formatFromPath, resolveFormatAlias } from '../../core/model/output-format.ts';
import { getColumns } from './config-fields.ts';
import type { ScrapeConfig } from './config-schema.ts';
import { hintForField } from './cross-checks.ts';
import { getWrittenFields } from './follow.ts';
import type { Finding, Path } from './issue-location.ts';

type Tree = Readonly<Record<string, unknown>>;

/** Which differences between two runs of a configuration count. */
export function getChangeRules({ changes, output }: Pick<ScrapeConfig, 'changes' | 'output'>): ChangeRules {
  const rules = changes ?? EVERY_CHANGE;
  return rules.key.length > 0 ? rules : { ...rules, key: output.key };
}

/**
 * Checks that `changes` names fields that exist, and that its parts agree. It reads the raw map, because the rules apply
 * even if other parts are invalid, and because no variable is filled in: comparisons of stored runs read it without.
 */
export function checkChanges(raw: Tree): Finding[] {
  const changes = asRecord(raw['changes']);
  const fields = getWrittenFields(raw);
  const named = [
    ...namesIn(changes['key'], ['changes', 'key']),
    ...namesIn(changes['ignore'], ['changes', 'ignore']),
    ...Object.keys(asRecord(changes['when'])).map(
      (name): NamedField => ({
        name,
        path: ['changes', 'when', name],
        part: 'key',
      }),
    ),
  ];
  return [
    ...findVariables(changes, ['changes']),
    ...named.flatMap(({ name, ...place }) => {
      if (name === '' || name.includes('${') || Object.hasOwn(fields, name)) return [];
      const hint = hintForField(name, Object.keys(fields));
      return [{ ...place, message: `there is no field "${name}"`, hint }];
    }),
    ...findContradictions(changes),
    ...findEmptyConditions(asRecord(changes['when'])),
    ...findOtherTypes(asRecord(changes['when']), fields),
  ];
}

interface NamedField {
  name: string;
  path: Path;
  part: 'key' | 'value';
}

/** The names of fields in a text or a list. */
export function namesIn(value: unknown, path: Path): NamedField[] {
  if (Array.isArray(value)) return value.flatMap((entry, index) => namesIn(entry, [...path, index]));
  return typeof value === 'string' ? [{ name: value, path, part: 'value' }] : [];
}

/** Finds references to variables where none is filled in. */
export function findVariables(value: unknown, path: Path): Finding[] {
  if (typeof value === 'string' && value.includes('${'))
    return [{ path, message: 'variables are not filled in here', hint: 'Write the value itself.' }];
  if (typeof value !== 'object' || value === null) return [];
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return entries.flatMap(([key, inner]) => findVariables(inner, [...path, key]));
}

function findContradictions({ key, ignore, only, when }: Tree): Finding[] {
  const conditional = Object.keys(asRecord(when));
  const ignored = namesIn(ignore, []).map(({ name }) => name);
  const keys = namesIn(key, []).map(({ name }) => name);
  const findings = conditional.flatMap((name): Finding[] => {
    const place = { path: ['changes', 'when', name], part: 'key' as const };
    if (keys.includes(name)) {
      const message = `"${name}" is the key, which is the same in both runs`;
      return [{ ...place, message, hint: 'Remove the condition, or choose another key.' }];
    }
    if (!ignored.includes(name)) return [];
    const message = `"${name}" is in ignore, too`;
    return [
      {
        ...place,
        message,
        hint: 'With conditions, the changes of other fields do not count: leave it out of one.',
      },
    ];
  });
  if (conditional.length > 0 && Array.isArray(only) && !only.includes('changed')) {
    const message = 'conditions are about changed items, which only leaves out';
    findings.push({
      path: ['changes', 'when'],
      part: 'key',
      message,
      hint: 'Add changed to only, or remove when.',
    });
  }
  return findings;
}

function findEmptyConditions(when: Tree): Finding[] {
  return Object.entries(when).flatMap(([name, conditions]) => {
    const isEmpty = typeof conditions === 'object' && Object.keys(asRecord(conditions)).length === 0;
    if (!isEmpty || Array.isArray(conditions)) return [];
    const hint = `Add one: {falls_by_percent: 5}. Or write "${ANY_CHANGE}" for any change.`;
    return [{ path: ['changes', 'when', name], message: 'has no condition', hint }];
  });
}

/** Finds conditions on numbers for fields whose values are none. A field without a type is read as a number if it is one. */
function findOtherTypes(when: Tree, fields: Tree): Finding[] {
  return Object.entries(when).flatMap(([name, conditions]) => {
    const numeric = NUMBER_CONDITIONS.filter((condition) => Object.hasOwn(asRecord(conditions), condition));
    const kind = kindOf(asRecord(fields[name]));
    if (kind === undefined) return [];
    return numeric.map(
      (condition): Finding => ({
        path: ['changes', 'when', name, condition],
        part: 'key',
        message: `${condition} compares numbers, and "${name}" is ${kind}`,
        hint: `Use becomes or contains, or "${ANY_CHANGE}" for any change.`,
      }),
    );
  });
}

/** What a field is that has no number; `undefined` for one that may have. */
function kindOf(field: Tree): string | undefined {
  if (field['page'] === 'fetched_at') return 'the time of fetching';
  if (field['page'] === 'url') return 'an address';
  if (field['children'] !== undefined) return 'a map';
  if (field['multiple'] === true) return 'a list';
  if (field['html'] === true || field['extract_html'] === true) return 'HTML';
  if (field['type'] === 'date') return 'a date';
  return field['type'] === 'boolean' ? 'true or false' : undefined;
}

/** Checks that `output.only` has a key, and an output to which rows are added. */
export function checkOnlyRows(raw: Tree): Finding[] {
  const output = asRecord(raw['output']);
  const { only, append, path } = output;
  if (only === undefined) return [];
  const findings: Finding[] = [];
  if (output['key'] === undefined && asRecord(raw['changes'])['key'] === undefined) {
    const message = 'no key identifies the rows that are known';
    findings.push({
      path: ['output', 'only'],
      message,
      hint: 'Name the field that does: changes: {key: link}.',
    });
  }
  if (append === false) {
    const message =
      'with only, rows are added to the file: in a new file, those of earlier runs would be lost';
    const hint = 'Remove append. For a file of each run, put {date} or {run_id} into path.';
    findings.push({ path: ['output', 'append'], message, hint });
  }
  const named = typeof path === 'string' ? formatFromPath(path) : undefined;
  const format = output['format'] === undefined ? named : resolveFormatAlias(output['format']);
  if (typeof format === 'string' && ['json', 'excel', 'sqlite'].includes(format)) {
    const message = `only is for csv and jsonl, and the output is ${format}`;
    const hint =
      format === 'sqlite'
        ? 'sqlite knows its rows by itself: set key, and remove only.'
        : 'Set format to csv or jsonl, or remove only.';
    findings.push({ path: ['output', 'only'], message, hint });
  }
  return findings;
}

/** Finds rules that are valid but probably not intended. */
export function warnChanges(config: ScrapeConfig): Finding[] {
  if (config.changes === undefined) return [];
  const { ignore, when } = config.changes;
  const { key } = getChangeRules(config);
  const findings: Finding[] = ignore
    .filter((name) => key.includes(name))
    .map((name) => ({
      path: ['changes', 'ignore'],
      message: `"${name}" is the key, which cannot be ignored`,
      hint: 'Leave it out.',
    }));
  if (Object.keys(when).length > 0 && key.length === 0)
    findings.push({
      path: ['changes', 'when'],
      part: 'key',
      message: 'the values of an item are compared with those of the same item, and no key identifies it',
      hint: 'Name the field that does: changes: {key: link}. Without a key one is guessed in each run.',
    });
  if (getColumns(config).every((name) => ignore.includes(name) || key.includes(name)) && ignore.length > 0)
    findings.push({
      path: ['changes', 'ignore'],
      message: 'every field is ignored, so no item counts as changed',
      hint: 'Items that are added or removed still count; only: [added, removed] says the same.',
    });
  return findings;
}
