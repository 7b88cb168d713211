import * as z from 'zod';
import { configSchema } from './config-schema.ts';
import { EXCLUSIVE_KEYS, SOURCE_KEYS } from './cross-checks.ts';

type Schema = { [key: string]: unknown };

/** A web address, or a text with a variable that may complete one. */
const WEB_ADDRESS = '^[Hh][Tt][Tt][Pp][Ss]?://|\\$\\{';

/** A pagination that generates addresses, so no source key is needed. */
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
 * Creates the JSON Schema (draft 7) of a configuration, for editors. {@link configSchema} also rejects whatever it
 * rejects. Rules that JSON Schema cannot express, such as selector syntax, are checked only by `validate` and by runs.
 */
export function createJsonSchema(): object {
  const { $schema, ...schema } = z.toJSONSchema(configSchema, {
    io: 'input',
    target: 'draft-7',
    // A schema with a transform describes its own input (meta).
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

/** Removes what zod adds to every schema, and rules that would reject a value with a variable in it. */
function forEditors(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(forEditors);
  if (typeof value !== 'object' || value === null) return value;
  const schema = value as Schema;
  return Object.fromEntries(
    Object.entries(schema).flatMap(([key, inner]): [string, unknown][] => {
      if (key === 'propertyNames') return [];
      if (key === 'maximum' && inner === Number.MAX_SAFE_INTEGER) return [];
      // For integers, "greater than 0" is "at least 1".
      if (key === 'exclusiveMinimum' && schema['type'] === 'integer' && inner === 0) return [['minimum', 1]];
      if (key === 'default' && schema['type'] === 'object') return [];
      if (key === 'format' && inner === 'uri') return [['pattern', WEB_ADDRESS]];
      // The keys of `properties` are names, not schema keywords.
      if (key === 'properties') return [[key, mapValues(inner as Schema)]];
      return [[key, key === 'default' || key === 'enum' ? inner : forEditors(inner)]];
    }),
  );
}

function mapValues(schemas: Schema): Schema {
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, forEditors(schema)]));
}
