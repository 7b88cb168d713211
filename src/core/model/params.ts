import * as z from 'zod';
import { QuickscrapeError } from '../lib/errors.ts';
import { isRecord, tryParseJson } from '../lib/json.ts';
import { once } from '../lib/once.ts';
import { CONTROL_CHARACTERS } from '../lib/sanitize-text.ts';
import { fieldsError } from './input-errors.ts';

/** The types of a parameter. */
const PARAM_TYPES = ['text', 'number', 'integer', 'boolean', 'date', 'choice'] as const;

/** The value of a parameter. A date is a text, `2026-11-25`, and so is a choice. */
export type ParamValue = string | number | boolean;

/** The values of parameters, by name. */
export type ParamValues = Readonly<Record<string, ParamValue>>;

/** What `params` of a configuration says about one parameter. */
export interface ParamDeclaration {
  type: (typeof PARAM_TYPES)[number];
  /** Absent: each job has to give a value. */
  default?: ParamValue | undefined;
  description?: string | undefined;
  /** Of a choice: the allowed values. */
  values?: readonly string[] | undefined;
}

export type ParamDeclarations = Readonly<Record<string, ParamDeclaration>>;

const MAX_PARAMS = 50;
const MAX_CHOICES = 1000;
const MAX_TEXT = 1000;
const NAME = /^[a-z][a-z0-9_]{0,39}$/;

/** Whether a text can be the name of a parameter. */
export function isParamName(text: string): boolean {
  return NAME.test(text);
}

const valueInput = z.union([z.string(), z.number(), z.boolean()]);

/** `params` of a job, and of one run: values by name. The configuration decides which are allowed. */
export const paramValuesInput = once(() =>
  z.preprocess(
    pairsToObject,
    z
      .record(z.string().max(100), valueInput, {
        error: 'an object of names and values, such as {"city":"berlin"}',
      })
      .refine((values) => Object.keys(values).length <= MAX_PARAMS, {
        error: `at most ${MAX_PARAMS} values`,
      }),
  ),
);

/** The values of a run's parameters, in output. */
export const paramValuesOutput = once(() => z.record(z.string(), valueInput));

const pairs = z.array(z.strictObject({ name: z.string(), value: valueInput }));

/** Converts `[{ name, value }]`, which assistants send (rpc/mcp/tool-schemas.ts), to `{ name: value }`. */
function pairsToObject(input: unknown): unknown {
  const list = Array.isArray(input) ? pairs.safeParse(input).data : undefined;
  return list === undefined ? input : Object.fromEntries(list.map(({ name, value }) => [name, value]));
}

/** `params` of a configuration, as users write it. */
export const paramsInput = once(() =>
  z
    .record(z.string(), declarationInput())
    .superRefine((params, context) => {
      const names = Object.keys(params);
      if (names.length > MAX_PARAMS)
        context.addIssue({
          code: 'custom',
          message: `${names.length} parameters, and at most ${MAX_PARAMS} are allowed`,
        });
      for (const name of names) {
        if (isParamName(name)) continue;
        context.addIssue({
          code: 'custom',
          path: [name],
          message: `"${name}" cannot be the name of a parameter`,
          params: { hint: 'Use lower-case letters, digits and _, with a letter first: city, min_price.' },
        });
      }
    })
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the configuration's
    .describe('Values that each job gives: name → type, default and description; ${params.city} inserts one'),
);

function declarationInput() {
  return z
    .strictObject({
      type: z.enum(PARAM_TYPES).default('text').describe('What a value is'),
      default: valueInput.optional().describe('The value if a job gives none; without one it must'),
      description: z.string().max(1000).optional().describe('What it is for; shown where it is asked for'),
      values: z
        .array(z.union([z.string().min(1).max(MAX_TEXT), z.number()]).transform(String))
        .min(1)
        .max(MAX_CHOICES)
        .optional()
        .describe('Of type choice: the allowed values'),
    })
    .superRefine((declaration, context) => {
      const { type, values, default: usual } = declaration;
      if ((type === 'choice') !== (values !== undefined)) {
        const hint = 'A choice lists what it allows: {type: choice, values: [new, used]}';
        const message =
          values === undefined ? 'is missing' : `values are for type choice, and the type is ${type}`;
        context.addIssue({ code: 'custom', path: ['values'], message, params: { hint } });
      } else if (typeof usual === 'string' && usual.includes('${')) {
        const message = 'variables are not filled in here';
        const hint =
          'Everyone sees the values of parameters. Write the value itself, or the variable in place of the parameter where it is used.';
        context.addIssue({ code: 'custom', path: ['default'], message, params: { hint } });
      } else if (usual !== undefined && !valueSchema(declaration).safeParse(usual).success) {
        const message = `must be ${describeValues(declaration)}`;
        context.addIssue({ code: 'custom', path: ['default'], message });
      }
    });
}

/**
 * Checks values against the declaration of a configuration, and fills in the defaults. A text is also read as the number
 * or the boolean that it says, because a command line has only texts.
 * @param field the input field that holds the values, for the errors
 * @throws QuickscrapeError `invalid_params` that names each parameter, its value and what is allowed
 */
export function resolveParams(
  declared: ParamDeclarations,
  given: Readonly<Record<string, unknown>>,
  field = 'params',
): ParamValues {
  const schema = z.strictObject({
    [field]: z.strictObject(
      Object.fromEntries(
        Object.entries(declared).map(([name, one]) => {
          const value = valueSchema(one);
          return [name, one.default === undefined ? value : value.default(value.parse(one.default))];
        }),
      ),
    ),
  });
  const input = { [field]: given };
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data[field] as Record<string, ParamValue>;
  // A misspelt name explains a missing value.
  const issues = parsed.error.issues.toSorted((a, b) => rank(a) - rank(b));
  if (Object.keys(declared).length > 0)
    throw withMissing(fieldsError(issues, input, [field], schema), declared, given, field);
  const [name = ''] = Object.keys(given);
  throw new QuickscrapeError('invalid_params', `${field}.${name}: the configuration declares no parameters`, {
    field: `${field}.${name}`,
    hint: `Declare it there: params: {${isParamName(name) ? name : 'city'}: {type: text}}`,
  });
}

/** Says of each missing value how to give it. */
function withMissing(
  error: QuickscrapeError,
  declared: ParamDeclarations,
  given: Readonly<Record<string, unknown>>,
  field: string,
): QuickscrapeError {
  const issues = (error.issues ?? []).map((issue) => {
    const name = issue.path.slice(field.length + 1);
    const declaration = Object.hasOwn(declared, name) ? declared[name] : undefined;
    if (declaration === undefined || given[name] !== undefined) return issue;
    const what = declaration.description === undefined ? '' : ` (${declaration.description})`;
    return { ...issue, hint: `Give it in ${field} of the job, or for a run: --param ${name}=…${what}` };
  });
  const [first] = issues;
  return new QuickscrapeError('invalid_params', error.message, {
    ...(error.field !== undefined && { field: error.field }),
    ...(first?.hint !== undefined && { hint: first.hint }),
    issues,
  });
}

function rank({ code }: z.core.$ZodIssue): number {
  return code === 'unrecognized_keys' ? 0 : 1;
}

/** A value of the right type, to check a configuration whose jobs give the values. */
export function sampleParam({ type, default: usual, values = [] }: ParamDeclaration): ParamValue {
  if (usual !== undefined) return type === 'choice' ? String(usual) : usual;
  if (type === 'choice') return values[0] ?? 'x';
  return { text: 'x', number: 1, integer: 1, boolean: true, date: '2026-01-01' }[type];
}

function valueSchema(declaration: ParamDeclaration): z.ZodType<ParamValue> {
  const error = describeValues(declaration);
  switch (declaration.type) {
    case 'text':
      return z.preprocess(
        toText,
        z.string({ error }).max(MAX_TEXT, { error }).refine(isPlainText, { error }),
      );
    case 'number':
      return z.preprocess(toNumber, z.number({ error }));
    case 'integer':
      return z.preprocess(toNumber, z.int({ error }));
    case 'boolean':
      return z.preprocess(toBoolean, z.boolean({ error }));
    case 'date':
      return z.iso.date({ error });
    case 'choice':
      return z.preprocess(toText, z.enum(declaration.values ?? [], { error }));
    default:
      return declaration.type satisfies never;
  }
}

const SHOWN_CHOICES = 20;

/** Says what a parameter may be, as the rest of a sentence: `a whole number`. */
export function describeValues({ type, values = [] }: ParamDeclaration): string {
  switch (type) {
    case 'text':
      return `a text of one line and at most ${MAX_TEXT} characters`;
    case 'number':
      return 'a number';
    case 'integer':
      return 'a whole number';
    case 'boolean':
      return 'true or false';
    case 'date':
      return 'a date, such as 2026-11-25';
    case 'choice': {
      const more = values.length > SHOWN_CHOICES ? ` … (${values.length} in all)` : '';
      return `one of ${values.slice(0, SHOWN_CHOICES).join(', ')}${more}`;
    }
    default:
      return type satisfies never;
  }
}

/** YAML reads `2026` as a number, which a text may be all the same. */
function toText(value: unknown): unknown {
  return typeof value === 'number' ? String(value) : value;
}

function toNumber(value: unknown): unknown {
  return typeof value === 'string' && /^-?\d+(?:\.\d+)?$/.test(value) ? Number(value) : value;
}

function toBoolean(value: unknown): unknown {
  return value === 'true' ? true : value === 'false' ? false : value;
}

/** Half of a surrogate pair has no form in an address. */
function isPlainText(text: string): boolean {
  return !/[\t\n\p{Cs}]/u.test(text) && text.match(CONTROL_CHARACTERS) === null;
}

/**
 * The values with which an attempt of a run begins. A retry repeats those of the attempt before it, also if the job was
 * edited meanwhile.
 */
export function paramsOfRun(
  run: { params: ParamValues | null; givenParams: ParamValues | null },
  job: { params: ParamValues | null },
): ParamValues {
  return run.params ?? { ...job.params, ...run.givenParams };
}

/** The values as a text that is the same for equal values; `null` without values. */
export function canonicalParams(values: ParamValues | null | undefined): string | null {
  const entries = Object.entries(values ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.length === 0 ? null : JSON.stringify(Object.fromEntries(entries));
}

/** Values as a line for people: `city=berlin, pages=3`. */
export function formatParams(values: ParamValues): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');
}

/** The values of a stored text; `null` without values, and for a damaged one. */
export function parseParams(text: string | null): ParamValues | null {
  const values = text === null ? null : tryParseJson(text);
  return isRecord(values) ? (values as ParamValues) : null;
}

/** The declaration in a parsed configuration; `undefined` where it is wrong. */
export function readDeclarations(params: unknown): ParamDeclarations | undefined {
  if (params === undefined) return {};
  const parsed = isRecord(params) ? paramsInput().safeParse(params) : undefined;
  return parsed?.data;
}
