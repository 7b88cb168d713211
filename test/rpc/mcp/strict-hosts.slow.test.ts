import { describe, expect, it } from 'vitest';
import { OPERATION_NAMES } from '../../../src/core/operations/operations.ts';
import { tempFolder } from '../../temp-folder.ts';
import { connect } from './mcp-clients.ts';
import { facts, type Schema } from './schema-facts.ts';

interface Tool {
  name: string;
  description: string;
  inputSchema: Schema;
}

function mapInside(schema: Schema, change: (inner: Schema, at: string) => Schema, at: string): Schema {
  const { properties, items } = schema;
  return {
    ...schema,
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, inner]) => [name, change(inner, `${at}.${name}`)]),
      ),
    }),
    ...(items && { items: change(items, `${at}[]`) }),
  };
}

const GEMINI_TYPES = ['string', 'number', 'integer', 'boolean', 'array', 'object'];
const GEMINI_KEYS = [
  ...['type', 'description', 'enum', 'properties', 'required', 'items', 'minimum', 'maximum', 'default'],
];

/** As hosts of Gemini make a function declaration of it: its subset of OpenAPI 3.0; what is not in it is lost. */
function gemini(schema: Schema, at = 'input'): Schema {
  const { type, enum: values, properties = {}, items } = schema;
  if (typeof type !== 'string' || !GEMINI_TYPES.includes(type)) throw new Error(`${at}: type ${type}`);
  if (values !== undefined && (type !== 'string' || !values.every((value) => typeof value === 'string')))
    throw new Error(`${at}: an enum of what is no text`);
  if (type === 'object' && Object.keys(properties).length === 0)
    throw new Error(`${at}.properties: should be non-empty for OBJECT type`);
  if (type === 'array' && items === undefined) throw new Error(`${at}.items: missing field`);
  const known = Object.entries(schema).filter(([key]) => GEMINI_KEYS.includes(key));
  return mapInside(Object.fromEntries(known), gemini, at);
}

/** As hosts of OpenAI make it strict: every object is closed, and all that may be left out may be null instead. */
function strictOpenAi(schema: Schema, at = 'input'): Schema {
  const { type, properties = {}, required = [], additionalProperties } = schema;
  if (typeof type !== 'string') throw new Error(`${at}: type ${JSON.stringify(type)}`);
  if (type !== 'object') return mapInside(schema, strictOpenAi, at);
  // Its SDK closes the outermost object, and none within it.
  if (additionalProperties !== false && at !== 'input')
    throw new Error(`${at}: an object that is not closed`);
  if (at !== 'input' && Object.keys(properties).length === 0) throw new Error(`${at}: narrowed to {}`);
  const inside = mapInside(schema, strictOpenAi, at);
  const all = Object.entries(inside.properties ?? {}).map(([name, inner]) => [
    name,
    required.includes(name) ? inner : { ...inner, type: [inner.type, 'null'] },
  ]);
  return { ...inside, properties: Object.fromEntries(all), required: Object.keys(properties) };
}

function properties(schema: Schema, at = 'input'): [place: string, property: Schema][] {
  const inner = Object.entries(schema.properties ?? {}).flatMap(([name, property]): [string, Schema][] => [
    [`${at}.${name}`, property],
    ...properties(property, `${at}.${name}`),
  ]);
  return schema.items === undefined ? inner : [...inner, ...properties(schema.items, `${at}[]`)];
}

async function toolsOf(flags: string[]): Promise<Tool[]> {
  const client = await connect('pinned', tempFolder(), { flags });
  return (await client.tools()) as unknown as Tool[];
}

describe.each([[[]], [['--allow-commands']]])('the definition of each tool (%j)', (flags: string[]) => {
  it('comes through the hosts of Gemini and of strict OpenAI, and loses nothing', async () => {
    const optional = (fact: string) => !fact.endsWith(' required');
    for (const { name, inputSchema } of await toolsOf(flags)) {
      const said = facts(inputSchema, name);
      // Without parameters none are declared.
      if (Object.keys(inputSchema.properties ?? {}).length > 0)
        expect(facts(gemini(inputSchema, name), name)).toEqual(said);
      const strict = facts(strictOpenAi(inputSchema), name);
      expect(strict.filter(optional)).toEqual(said.filter(optional));
    }
  });

  it('stands alone: nothing is described by what another tool says', async () => {
    for (const { name, description, inputSchema } of await toolsOf(flags)) {
      const others = OPERATION_NAMES.filter((other) => other !== name).join('|');
      const elsewhere = new RegExp(`\\bas (in )?(${others})\\b|\\b(${others})\\.\\w`);
      expect(description).not.toMatch(elsewhere);
      for (const [place, property] of properties(inputSchema)) {
        expect(`${place}: ${property.description ?? ''}`).not.toMatch(/: .{1,2}$|undefined$/);
        expect(property.description ?? '').not.toMatch(elsewhere);
      }
    }
  });
});
