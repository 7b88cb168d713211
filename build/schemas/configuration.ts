import * as z from 'zod';
import { configSchema } from '../../src/scrape/config/config-schema.ts';
import { EXCLUSIVE_KEYS, SOURCE_KEYS } from '../../src/scrape/config/cross-checks.ts';
import { fieldsOf, type Schema } from '../schema-words.ts';
import { forEditors } from './for-editors.ts';

type Fields = Readonly<Record<string, Schema>>;

/**
 * Creates the JSON Schema (draft 7) of a configuration, for editors. {@link configSchema} also rejects whatever it
 * rejects. Rules that JSON Schema cannot express, such as selector syntax, are checked only by `validate` and by runs.
 */
export function createConfigurationSchema(): Schema {
  const schema = z.toJSONSchema(configSchema, {
    io: 'input',
    target: 'draft-7',
    // A schema with a transform describes its own input (meta).
    unrepresentable: 'any',
  });
  const { properties, ...rest } = forEditors(schema);
  const keys = fieldsOf({ properties });
  return {
    title: 'QuickScrape configuration',
    description: 'Which pages to fetch and what to take from them.',
    ...rest,
    properties: withParams(properties),
    anyOf: [...SOURCE_KEYS.map((key) => having(keys, [key])), makesAddresses(keys)],
    allOf: [
      { anyOf: [having(keys, ['selectors']), having(keys, ['table'])] },
      ...EXCLUSIVE_KEYS.map((exclusive) => ({ not: having(keys, exclusive) })),
    ],
  };
}

/** A parameter may stand in place of a number or a choice, too; what it is for is checked when it is filled in. */
const PARAM = { type: 'string', pattern: '^\\$\\{params\\.', description: 'A parameter' };

function withParams(properties: unknown): Schema {
  const { params, ...others } = properties as Fields;
  return {
    ...(params && { params }),
    ...Object.fromEntries(Object.entries(others).map(([name, schema]) => [name, allowParam(schema)])),
  };
}

function allowParam(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(allowParam);
  if (typeof schema !== 'object' || schema === null) return schema;
  const inner = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [
      key,
      key === 'enum' || key === 'default' ? value : allowParam(value),
    ]),
  );
  const { type, description, ...rules } = inner as Schema;
  const isScalar = type === 'integer' || type === 'number' || type === 'boolean';
  return isScalar
    ? { ...(description !== undefined && { description }), anyOf: [{ type, ...rules }, PARAM] }
    : inner;
}

/** Strict validators want the keys that are required to be among the properties. */
function having(keys: Fields, required: readonly string[]): Schema {
  const described = required.map((key) => [key, { description: keys[key]?.['description'] }]);
  return { properties: Object.fromEntries(described), required };
}

/** A pagination that generates addresses, so no source key is needed. */
function makesAddresses(keys: Fields): Schema {
  const type = { const: 'page_number', description: 'Put a number into an address' };
  const description = keys['pagination']?.['description'];
  return {
    properties: { pagination: { type: 'object', description, properties: { type }, required: ['type'] } },
    required: ['pagination'],
  };
}
