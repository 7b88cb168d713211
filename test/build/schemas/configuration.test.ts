import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { EXAMPLE_CONFIG } from '../../../src/cli/commands/example-config.ts';
import { newConfigText } from '../../../src/core/configs/new-config.ts';
import { bookshopConfig } from '../../../src/sandbox/config.ts';
import { checkConfig } from '../../../src/scrape/config/parse-config.ts';
import { propertyRuns } from '../../property-runs.ts';
import { documentedExamples } from '../../scrape/config/documented-examples.ts';
import * as seeded from '../../scrape/config/seeded-errors.ts';
import { compileSchema } from './editor-ajv.ts';

const isValid = compileSchema('configuration');
const ENV = { SHOP_URL: 'https://shop.example', SHOP_TOKEN: 'token' };

function accepts(yaml: string): boolean {
  return isValid(parse(yaml));
}

describe('the JSON Schema of configurations', () => {
  it('takes every example of ours', () => {
    const examples = [
      EXAMPLE_CONFIG,
      newConfigText('https://shop.example/', 'shop'),
      bookshopConfig('http://127.0.0.1:1/'),
      ...documentedExamples(),
    ];
    expect(examples.filter((yaml) => !accepts(yaml))).toEqual([]);
  });

  it('refuses what has a wrong key, kind or choice, and nothing that can run', () => {
    const all = Object.values(seeded).flat();
    const refused = all.filter(([, yaml]) => isReadable(yaml) && !accepts(yaml));
    const canRun = refused.filter(
      ([, yaml]) => !checkConfig(yaml, 'a.yaml', ENV).some(({ severity }) => severity === 'error'),
    );
    expect(canRun).toEqual([]);
    expect(refused.map(([name]) => name)).toEqual(
      expect.arrayContaining([
        'another scheme',
        'neither url nor urls',
        'both url and urls',
        'no selectors',
        'a misspelt key',
      ]),
    );
  });

  it('takes every change of an example that can run', () => {
    const value = fc.oneof(
      fc.constantFrom<unknown>(
        null,
        true,
        0,
        1,
        -1,
        2.5,
        '',
        'a',
        'csv',
        'xlsx',
        'text',
        '1',
        '50%',
        [],
        ['a'],
        {},
      ),
      fc.constantFrom<unknown>('https://shop.example/', 'ftp://shop.example/', '${SHOP_URL}/a', 'browser', {
        a: 'b',
      }),
    );
    const parsed = [EXAMPLE_CONFIG, ...documentedExamples()].map((yaml) => parse(yaml));
    const places = parsed.flatMap((config) => pathsIn(config).map((path) => ({ config, path })));
    fc.assert(
      fc.property(fc.constantFrom(...places), value, ({ config, path }, each) => {
        const changed = structuredClone(config);
        setAt(changed, path, each);
        const yaml = stringify(changed);
        fc.pre(!checkConfig(yaml, 'a.yaml', ENV).some(({ severity }) => severity === 'error'));
        expect(accepts(yaml), yaml).toBe(true);
      }),
      { numRuns: propertyRuns(20) },
    );
  });

  it('takes page_number without an address of its own, as the program does', () => {
    const yaml = (type: string) =>
      `selectors: {a: b}\npagination: { type: ${type}, url_template: "https://e.com/{page}" }\n`;
    expect(accepts(yaml('page_number'))).toBe(true);
    expect(checkConfig(yaml('page_number'), 'a.yaml', {})).toEqual([]);
    expect(accepts('selectors: {a: b}\npagination: { type: none }\n')).toBe(false);
  });

  it('takes a value that a variable completes', () => {
    expect(accepts('url: "${SHOP_URL}/list"\nselectors: {a: b}\n')).toBe(true);
  });
});

/** The path of each value in a configuration. */
function pathsIn(node: unknown, path: string[] = []): string[][] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, inner]) => [[...path, key], ...pathsIn(inner, [...path, key])]);
}

function setAt(node: Record<string, unknown>, [key = '', ...rest]: string[], value: unknown): void {
  if (rest.length === 0) node[key] = value;
  else setAt(node[key] as Record<string, unknown>, rest, value);
}

function isReadable(yaml: string): boolean {
  try {
    parse(yaml, { logLevel: 'error' });
    return true;
  } catch {
    return false;
  }
}
