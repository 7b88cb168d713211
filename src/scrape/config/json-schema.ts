import * as z from 'zod';
import { configSchema } from './config-schema.ts';
import { EXCLUSIVE_KEYS, SOURCE_KEYS } from './cross-checks.ts';

type Schema = { [key: string]: unknown };

/** An address, or one that a variable completes. */
const WEB_ADDRESS = '^[Hh][Tt][Tt][Pp][Ss]?://|\\$\\{';

/** Its pages have addresses of their own. */
const MAKES_ADDRESSES = {
  required: ['pagination'],
  properties: {
    pagination: {
      description: 'How to get from one page to the next',
      required: ['type'],
      properties: { type: { const: 'page_number', description: 'Put a number into an address' } },
    },
  },
};

/**
 * The schema of a configuration as JSON Schema (draft 7), for editors: whatever it refuses, {@link configSchema} refuses
 * too. What JSON Schema cannot say, such as the syntax of a selector, only `validate` and a run check.
 */
export function createJsonSchema(): object {
  const { $schema, ...schema } = z.toJSONSchema(configSchema, {
    io: 'input',
    target: 'draft-7',
    // What is translated before it is checked says itself what it may be (meta).
    unrepresentable: 'any',
  });
  return {
    $schema,
    title: 'QuickScrape configuration',
    description: 'Which pages to fetch and what to take from them.',
    ...(forEditors(schema) as Schema),
    anyOf: [...SOURCE_KEYS.map((key) => ({ required: [key] })), MAKES_ADDRESSES],
    allOf: EXCLUSIVE_KEYS.map((keys) => ({ not: { required: keys } })),
  };
}

/** Leaves away what zod says of every schema alike, and what refuses a value with a variable in it. */
function forEditors(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(forEditors);
  if (typeof value !== 'object' || value === null) return value;
  const schema = value as Schema;
  return Object.fromEntries(
    Object.entries(schema).flatMap(([key, inner]): [string, unknown][] => {
      if (key === 'propertyNames') return [];
      if (key === 'maximum' && inner === Number.MAX_SAFE_INTEGER) return [];
      // Of whole numbers, more than 0 is at least 1.
      if (key === 'exclusiveMinimum' && schema['type'] === 'integer' && inner === 0) return [['minimum', 1]];
      if (key === 'default' && schema['type'] === 'object') return [];
      if (key === 'format' && inner === 'uri') return [['pattern', WEB_ADDRESS]];
      // Names of keys are no keywords.
      if (key === 'properties') return [[key, mapValues(inner as Schema)]];
      return [[key, key === 'default' || key === 'enum' ? inner : forEditors(inner)]];
    }),
  );
}

function mapValues(schemas: Schema): Schema {
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, forEditors(schema)]));
}
