import { asRecord } from '../../core/lib/json.ts';
import { VALUE_RULES } from '../../core/model/value-rules.ts';
import { readInstant } from '../parsers/read-instant.ts';
import { hintForField } from './cross-checks.ts';
import { type ValueForm, valueForms } from './field-forms.ts';
import type { Finding, Path } from './issue-location.ts';

type Tree = Readonly<Record<string, unknown>>;

/** Rules that decide about rows. */
const ROW_RULES = VALUE_RULES.filter((rule) => rule !== 'max_unread_percent');

/**
 * Checks that `expect.fields` names fields that exist, and that no rule contradicts another one or the values of its
 * field. It reads the raw map, because the rules apply even if other parts are invalid.
 */
export function checkValueRules(raw: Tree): Finding[] {
  const expect = asRecord(raw['expect']);
  const rules = asRecord(expect['fields']);
  const forms = valueForms(raw);
  // A table names its fields by its header, if no selectors do.
  const isOpen = raw['table'] !== undefined && raw['selectors'] === undefined;
  return [
    ...findVariables(rules, ['expect', 'fields']),
    ...Object.entries(rules).flatMap(([name, one]) => {
      const path = ['expect', 'fields', name];
      const form = forms.get(name);
      if (form === undefined && !isOpen && !name.includes('${'))
        return [
          {
            path,
            part: 'key' as const,
            message: `there is no field "${name}"`,
            hint: hintForField(name, [...forms.keys()]),
          },
        ];
      return [
        ...checkBounds(asRecord(one), path),
        ...(form ? checkForm(name, asRecord(one), form, path) : []),
      ];
    }),
    ...checkBrokenRows(expect, rules),
  ];
}

/** A secret in a rule could be found out: each row says whether a value meets it. */
function findVariables(value: unknown, path: Path): Finding[] {
  if (typeof value === 'string')
    return /(?<!\$)\$\{(?!params\.)/.test(value)
      ? [
          {
            path,
            message: 'variables are not filled in here',
            hint: `Write the value itself, or a parameter: $\{params.NAME}.`,
          },
        ]
      : [];
  if (typeof value !== 'object' || value === null) return [];
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return entries.flatMap(([key, inner]) => findVariables(inner, [...path, key]));
}

type BoundKind = 'number' | 'date';

function kindOfBound(bound: unknown): BoundKind | undefined {
  if (typeof bound === 'number') return 'number';
  return typeof bound === 'string' && readInstant(bound) !== undefined ? 'date' : undefined;
}

function checkBounds({ min, max, type }: Tree, path: Path): Finding[] {
  const kinds = { min: kindOfBound(min), max: kindOfBound(max) };
  if (kinds.min !== undefined && kinds.max !== undefined && kinds.min !== kinds.max) {
    const message = `min is a ${kinds.min}, and max is a ${kinds.max}`;
    return [{ path: [...path, 'max'], message, hint: 'Write two numbers, or two dates.' }];
  }
  const isSwapped =
    kinds.min === 'number'
      ? Number(min) > Number(max)
      : kinds.min === 'date' &&
        (readInstant(String(min)) ?? 0) > (readInstant(String(max)) ?? Number.POSITIVE_INFINITY);
  if (isSwapped) {
    const message = `min ${String(min)} is more than max ${String(max)}`;
    return [{ path: [...path, 'min'], message, hint: 'No value could meet both: exchange them.' }];
  }
  return (['min', 'max'] as const).flatMap((key) => {
    const kind = kinds[key];
    const wanted = typeof type === 'string' ? BOUND_OF_TYPE[type] : undefined;
    return kind === undefined || wanted === undefined || wanted === kind
      ? []
      : [refuseBound([...path, key], key, kind, wanted, `type is ${String(type)}`)];
  });
}

/** What min and max of a type are; a text has no order here. */
const BOUND_OF_TYPE: Readonly<Record<string, BoundKind | 'none'>> = {
  number: 'number',
  integer: 'number',
  price: 'number',
  date: 'date',
  boolean: 'none',
  url: 'none',
  text: 'none',
};

function refuseBound(
  path: Path,
  key: string,
  kind: BoundKind,
  wanted: BoundKind | 'none',
  why: string,
): Finding {
  const hint =
    wanted === 'none'
      ? `${key} is for numbers and dates. Texts have pattern and one_of.`
      : wanted === 'date'
        ? 'Write a date, such as 2026-11-25.'
        : 'Write a number.';
  return { path, message: `${key} is a ${kind}, and ${why}`, hint };
}

/** What the values of a field can be required to be. */
const TYPES_OF_FORM: Readonly<Record<Exclude<ValueForm['is'], 'anything'>, readonly string[]>> = {
  number: ['number', 'integer'],
  integer: ['number', 'integer'],
  boolean: ['boolean'],
  date: ['date', 'text'],
  price: ['price'],
  text: ['text', 'url', 'date'],
  address: ['text', 'url'],
  map: [],
};

function checkForm(name: string, rules: Tree, { is, isRead }: ValueForm, path: Path): Finding[] {
  const findings: Finding[] = [];
  const { type, min, max } = rules;
  const place = (key: string) => [...path, key];
  if (rules['max_unread_percent'] !== undefined && !isRead)
    findings.push({
      path: place('max_unread_percent'),
      part: 'key',
      message: `the field "${name}" has neither type nor regex, so none of its values is unreadable`,
      hint: `Write how it is read, such as ${name}: {selector: ..., type: number}.`,
    });
  if (is === 'anything') return findings;
  if (is === 'map') {
    const other = ROW_RULES.find((rule) => rule !== 'unique' && rules[rule] !== undefined);
    if (other !== undefined)
      findings.push({
        path: place(other),
        part: 'key',
        message: `${other} is about single values, and "${name}" is a map of fields`,
        hint: `Name a field within it, such as "${name}.NAME".`,
      });
    return findings;
  }
  const allowed = TYPES_OF_FORM[is];
  if (typeof type === 'string' && type in BOUND_OF_TYPE && !allowed.includes(type)) {
    const hint =
      is === 'text'
        ? `Add type: ${type} to the field itself, so that its text is read as one.`
        : `Write ${allowed.join(' or ')}, or change the type of the field.`;
    const what = is === 'text' ? 'a text' : is === 'address' ? 'an address' : `of type ${is}`;
    findings.push({
      path: place('type'),
      message: `the values of "${name}" are ${what}, never ${type}`,
      hint,
    });
  }
  const wanted = is === 'text' ? undefined : is === 'address' ? 'none' : BOUND_OF_TYPE[is];
  for (const [key, bound] of [
    ['min', min],
    ['max', max],
  ] as const) {
    const kind = kindOfBound(bound);
    if (type === undefined && kind !== undefined && wanted !== undefined && wanted !== kind)
      findings.push(
        refuseBound(
          place(key),
          key,
          kind,
          wanted,
          `"${name}" is ${is === 'address' ? 'an address' : `of type ${is}`}`,
        ),
      );
  }
  if (is !== 'price') findings.push(...checkChoices(name, rules['one_of'], is, place('one_of')));
  else if (rules['one_of'] !== undefined)
    findings.push({
      path: place('one_of'),
      part: 'key',
      message: `one_of is for texts, numbers and booleans, and "${name}" is of type price`,
      hint: 'Write min and max for its amount.',
    });
  if (rules['pattern'] !== undefined && (is === 'price' || is === 'boolean'))
    findings.push({
      path: place('pattern'),
      part: 'key',
      message: `pattern is for texts and numbers, and "${name}" is of type ${is}`,
      hint: 'Remove it, or the type of the field.',
    });
  return findings;
}

/** What the values of `one_of` are for a field; a date is a text in the row. */
const CHOICES: Readonly<
  Record<Exclude<ValueForm['is'], 'anything' | 'map' | 'price'>, 'string' | 'number' | 'boolean'>
> = {
  number: 'number',
  integer: 'number',
  boolean: 'boolean',
  date: 'string',
  text: 'string',
  address: 'string',
};

/** A value of another type is never equal, so that every row would break the rule. */
function checkChoices(name: string, choices: unknown, is: keyof typeof CHOICES, path: Path): Finding[] {
  const wanted = CHOICES[is];
  const all: readonly unknown[] = Array.isArray(choices) ? choices : [];
  const at = all.findIndex((choice) => isChoice(choice) && typeof choice !== wanted);
  if (at < 0) return [];
  const choice = all[at];
  const what = is === 'text' || is === 'address' ? 'texts' : `of type ${is}`;
  return [
    {
      path: [...path, at],
      message: `${JSON.stringify(choice)} is a ${NAMES[typeof choice] ?? typeof choice}, and the values of "${name}" are ${what}`,
      hint: hintForChoice(choice, wanted, is),
    },
  ];
}

const NAMES: Readonly<Record<string, string>> = { string: 'text' };

function isChoice(choice: unknown): boolean {
  // A parameter is filled in later.
  return ['string', 'number', 'boolean'].includes(typeof choice) && !String(choice).includes('${');
}

function hintForChoice(choice: unknown, wanted: 'string' | 'number' | 'boolean', is: string): string {
  if (wanted === 'string') return `Write it in quotes: "${String(choice)}".`;
  if (wanted === 'boolean') return 'Write true or false, without quotes.';
  const isNumber = typeof choice === 'string' && choice.trim() !== '' && Number.isFinite(Number(choice));
  if (isNumber) return `Write it without quotes: ${Number(choice)}.`;
  return `Write numbers, or remove type: ${is} from the field.`;
}

/** Checks what is to become of broken rows. */
function checkBrokenRows(expect: Tree, rules: Tree): Finding[] {
  const { fields, max_broken_percent: limit, broken_rows } = expect;
  const alone = ['max_broken_percent', 'broken_rows'].find((key) => expect[key] !== undefined);
  if (fields === undefined && alone !== undefined)
    return [
      {
        path: ['expect', alone],
        part: 'key',
        message: `${alone} is about the rules of fields, and there are none`,
        hint: 'Add rules, such as fields: {price: {min: 0.01}}.',
      },
    ];
  if (broken_rows !== 'drop' || limit !== undefined) return [];
  return Object.entries(rules)
    .flatMap(([name, one]): Finding[] => {
      const own = asRecord(one);
      const isOfRows = ROW_RULES.some((rule) => own[rule] !== undefined && own[rule] !== false);
      if (!isOfRows || own['max_broken_percent'] !== undefined) return [];
      return [
        {
          path: ['expect', 'broken_rows'],
          message: `with drop, rows that break a rule of "${name}" are left out, and none may break one`,
          hint: 'Say in how many of 100 rows a rule may be broken: max_broken_percent: 5, beside broken_rows or in the field.',
        },
      ];
    })
    .slice(0, 1);
}
