import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Schema } from '../../../build/schema-words.ts';
import { createSchema, SCHEMA_NAMES } from '../../../build/schemas/all.ts';
import { compileSchema } from './editor-ajv.ts';

const ROOT = new URL('../../../', import.meta.url);

/** Every schema within a schema, with its path. */
function* schemasIn(node: unknown, path = ''): Generator<[path: string, schema: Schema]> {
  if (typeof node !== 'object' || node === null) return;
  if (!Array.isArray(node)) yield [path, node as Schema];
  for (const [key, inner] of Object.entries(node)) {
    if (['examples', 'enum', 'default'].includes(key)) continue;
    if (key === 'properties')
      for (const [name, each] of Object.entries(inner)) yield* schemasIn(each, `${path}.${name}`);
    else yield* schemasIn(inner, `${path}/${key}`);
  }
}

describe.each(SCHEMA_NAMES)('the schema of %s', (name) => {
  const schema = createSchema(name);

  it('is published with the package, as it is made from the rules', () => {
    const file = `${name}.schema.json`;
    expect(JSON.parse(readFileSync(new URL(`dist/${file}`, ROOT), 'utf8'))).toEqual(schema);
    const { exports } = JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8'));
    expect(exports[`./${file}`]).toBe(`./dist/${file}`);
  });

  it('is one of draft 7 that a strict validator takes', () => {
    expect(schema).toMatchObject({
      $schema: 'http://json-schema.org/draft-07/schema#',
      $id: `https://www.schemastore.org/quickscrape-${name}.json`,
      title: expect.any(String),
      description: expect.any(String),
      type: 'object',
    });
    expect(() => compileSchema(name)).not.toThrow();
  });

  it('describes every key', () => {
    const keys = [...schemasIn(schema)].filter(([path]) => /\.[\w$.]+$/.test(path) && path !== '');
    const isKey = (path: string) => !path.slice(path.lastIndexOf('.')).includes('/');
    const silent = keys.filter(
      ([path, { description, const: value }]) => isKey(path) && value === undefined && !description,
    );
    expect(keys.length).toBeGreaterThan({ commands: 5, homes: 1 }[name as string] ?? 15);
    expect(silent.map(([path]) => path)).toEqual([]);
  });

  // Those of keys: keys.test.ts.
  it.skipIf(name === 'keys')('has examples and defaults that it accepts itself', () => {
    for (const [path, each] of schemasIn(schema)) {
      const { examples = [], default: usual, ...rules } = each;
      const values = [...(examples as unknown[]), ...(usual === undefined ? [] : [usual])];
      if (values.length === 0) continue;
      const { definitions } = schema;
      const accepts = compileSchema({ ...rules, ...(definitions !== undefined && { definitions }) });
      for (const value of values) expect(accepts(value), `${path}: ${JSON.stringify(value)}`).toBe(true);
    }
  });
});

it.each(['job', 'settings', 'keys'] as const)(
  'the schema of %s says in words what each pattern asks for',
  (name) => {
    const patterns = [...schemasIn(createSchema(name))].filter(
      ([, { pattern }]) => typeof pattern === 'string',
    );
    expect(patterns.length).toBeGreaterThan(0);
    const silent = patterns.filter(([, each]) => !each['patternErrorMessage']);
    expect(silent.map(([path]) => path)).toEqual([]);
  },
);
