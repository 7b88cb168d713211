import fc from 'fast-check';
import * as z from 'zod';
import { OPERATIONS, type OperationName } from '../../src/core/operations/operations.ts';
import { HOSTILE } from './hostile-texts.ts';

/** A JSON schema as zod writes it; only what the operations' outputs use. */
interface Schema {
  type?: string | string[];
  const?: unknown;
  enum?: readonly unknown[];
  anyOf?: readonly Schema[];
  oneOf?: readonly Schema[];
  allOf?: readonly Schema[];
  properties?: Readonly<Record<string, Schema>>;
  required?: readonly string[];
  items?: Schema;
  additionalProperties?: Schema | boolean;
  $ref?: string;
  $defs?: Readonly<Record<string, Schema>>;
}

const INSTANT = '2026-11-25T08:00:00.000Z';
const anyText = fc.oneof(
  fc.constantFrom('', 'a', 'books', 'title', INSTANT, '09:00', 'https://shop.example/'),
  fc.constantFrom(...HOSTILE),
);
const anyNumber = fc.constantFrom(0, 1, 2, 7, 50, 1000, 86_400_000, 1e15);
const anything = fc.oneof(
  anyText,
  anyNumber,
  fc.constantFrom(null, true, {}, [], ['x', 1], { deep: { er: 1 } }),
);

/** What the operations let through only where it is well-formed, though their schemas call it a text. */
const KNOWN: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  timezone: fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kathmandu'),
  schedule: fc.constantFrom(
    { type: 'daily', time: '09:00', timezone: 'Europe/Berlin' },
    { type: 'custom', cron_expression: '*/5 * * * *', timezone: 'UTC' },
    { type: 'once', date: '2026-12-24', time: '18:00', timezone: 'UTC' },
  ),
  at: fc.constant(INSTANT),
  next_run: fc.constantFrom(null, INSTANT),
  next_runs: fc.constantFrom([], [INSTANT, '2026-11-26T09:00:00.000+01:00']),
  ...Object.fromEntries(['queued_at', 'created_at', 'updated_at'].map((key) => [key, fc.constant(INSTANT)])),
  ...Object.fromEntries(
    ['started_at', 'finished_at', 'scheduled_for', 'last_run', 'last_run_at'].map((key) => [
      key,
      fc.constantFrom(null, INSTANT),
    ]),
  ),
};

/** Whatever the operations may answer, by what they say of their own output. */
export async function anyAnswers(): Promise<Readonly<Record<OperationName, fc.Arbitrary<unknown>>>> {
  const loaded = await Promise.all(
    Object.entries(OPERATIONS).map(async ([name, load]) => {
      const schema = z.toJSONSchema((await load()).output, { unrepresentable: 'any' }) as Schema;
      return [name, anyOf(schema, schema)] as const;
    }),
  );
  return Object.fromEntries(loaded) as Record<OperationName, fc.Arbitrary<unknown>>;
}

function anyOf(schema: Schema, root: Schema): fc.Arbitrary<unknown> {
  if (schema.$ref !== undefined) {
    const found = root.$defs?.[schema.$ref.split('/').at(-1) ?? ''];
    return found === undefined ? anything : anyOf(found, root);
  }
  if ('const' in schema) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return fc.oneof(...choices.map((choice) => anyOf(choice, root)));
  if (schema.allOf !== undefined)
    return fc
      .tuple(...schema.allOf.map((part) => anyOf(part, root)))
      .map((parts) => Object.assign({}, ...parts) as unknown);
  if (Array.isArray(schema.type))
    return fc.oneof(...schema.type.map((type) => anyOf({ ...schema, type }, root)));
  return BY_TYPE[schema.type ?? '']?.(schema, root) ?? anything;
}

const BY_TYPE: Readonly<Record<string, (schema: Schema, root: Schema) => fc.Arbitrary<unknown>>> = {
  string: () => anyText,
  number: () => anyNumber,
  integer: () => anyNumber,
  boolean: () => fc.boolean(),
  null: () => fc.constant(null),
  array: ({ items = {} }, root) => fc.array(anyOf(items, root), { maxLength: 4 }),
  object: ({ properties = {}, required = [], additionalProperties }, root) => {
    const fields = Object.entries(properties).map(
      ([key, value]) => [key, KNOWN[key] ?? anyOf(value, root)] as const,
    );
    const known = fc.record(Object.fromEntries(fields), { requiredKeys: [...required] });
    if (fields.length > 0 || typeof additionalProperties !== 'object') return known;
    return fc.dictionary(anyText, anyOf(additionalProperties, root), { maxKeys: 3 });
  },
};
