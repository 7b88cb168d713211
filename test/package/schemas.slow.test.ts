import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect } from 'vitest';
import { parse } from 'yaml';
import { SCHEMA_NAMES } from '../../build/schemas/all.ts';
import { it as test } from '../extend.ts';

const { buildArtefacts } = await import(new URL('../../build/artefacts.mjs', import.meta.url).href);

interface Entry {
  name: string;
  description: string;
  fileMatch: string[];
  url: string;
}

/** Keywords that SchemaStore takes in every schema; others are named in the options of its checks. */
const USUAL_KEYWORDS = ['enumDescriptions', 'markdownDescription', 'defaultSnippets'];

const it = test.extend('sent', async ({ folder }) => {
  await buildArtefacts(['schemas'], { out: folder, isBuilt: true });
  return join(folder, 'schemastore');
});

const json = (...path: string[]) => JSON.parse(readFileSync(join(...path), 'utf8'));
const entriesIn = (sent: string): Entry[] => json(sent, 'catalog.json');

/** Whether an editor finds the file by the pattern. Ours have no other wildcards than these. */
function matches(pattern: string, file: string): boolean {
  const [first, ...rest] = pattern
    .split('**/')
    .map((part) => part.replaceAll('.', '\\.').replaceAll('*', '[^/.][^/]*'));
  return new RegExp(`^${[first, ...rest].join('(?:.*/)?')}$`).test(file);
}

/** A schema with the checks of SchemaStore: strict, with the keywords that the options name. */
function checker(sent: string, name: string) {
  const { options } = json(sent, 'schema-validation.json');
  const own: string[] = options[`${name}.json`]?.unknownKeywords ?? [];
  const ajv = new Ajv({ strict: true, keywords: [...USUAL_KEYWORDS, ...own] });
  return ajv.compile(json(sent, 'src/schemas/json', `${name}.json`));
}

describe('what is sent to SchemaStore', () => {
  it('has a schema, an entry and examples for each kind of file', ({ sent }) => {
    const names = SCHEMA_NAMES.map((name) => `quickscrape-${name}`).sort();
    const files = (folder: string) => readdirSync(join(sent, 'src', folder)).sort();
    expect(files('schemas/json')).toEqual(names.map((name) => `${name}.json`));
    expect(files('test')).toEqual(names);
    expect(files('negative_test')).toEqual(names);
    expect(entriesIn(sent).map(({ url }) => url)).toEqual(
      names.map((name) => `https://www.schemastore.org/${name}.json`),
    );
    for (const name of names)
      expect(json(sent, 'src/schemas/json', `${name}.json`).$id).toContain(`/${name}.json`);
  });

  it('keeps the rules of its catalogue', ({ sent }) => {
    const entries = entriesIn(sent);
    for (const entry of entries) {
      expect(Object.keys(entry)).toEqual(['name', 'description', 'fileMatch', 'url']);
      for (const text of [entry.name, entry.description]) expect(text).not.toMatch(/schema|\n|[,. \t-]$/i);
      expect(entry.url).toMatch(/^https:\/\/.*\.json$/);
      for (const pattern of entry.fileMatch) expect(pattern).toMatch(/^\*\*\/[^*]/);
    }
    const names = entries.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)].sort());
    const patterns = entries.flatMap(({ fileMatch }) => fileMatch);
    expect(patterns).toEqual([...new Set(patterns)]);
  });

  it.for([
    ['/home/me/.quickscrape/configs/books.yaml', 'QuickScrape configuration'],
    ['/home/me/.quickscrape/jobs/prices.json', 'QuickScrape job'],
    ['/home/me/.quickscrape/settings.yaml', 'QuickScrape settings'],
    ['/home/me/.config/quickscrape/keys.yaml', 'QuickScrape keys'],
    ['/home/me/.config/quickscrape/homes.yaml', 'QuickScrape homes'],
    ['/home/me/.quickscrape/workers.json', undefined],
    ['/home/me/.quickscrape/.schemas/job.json', undefined],
    ['/home/me/.quickscrape/configs/old/books.yaml', undefined],
    ['/home/me/project/settings.yaml', undefined],
    ['/home/me/project/jobs/build.json', undefined],
    ['/home/me/project/configs/app.yaml', undefined],
    ['/home/me/project/keys.yaml', undefined],
    ['/home/me/quickscrape/settings.yaml', undefined],
  ] as const)('finds %s as %s', ([file, name], { sent }) => {
    const found = entriesIn(sent).filter(({ fileMatch }) =>
      fileMatch.some((pattern) => matches(pattern, file)),
    );
    expect(found.map((entry) => entry.name)).toEqual(name === undefined ? [] : [name]);
  });

  it.for(['test', 'negative_test'])(
    'has examples in src/%s that its checks accept or refuse',
    (kind, { sent }) => {
      const folder = join(sent, 'src', kind);
      const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
        /\.\w+$/.test(file),
      );
      expect(files.length).toBeGreaterThanOrEqual(SCHEMA_NAMES.length);
      for (const file of files) {
        const name = dirname(file);
        const text = readFileSync(join(folder, file), 'utf8');
        if (file.endsWith('.yaml')) {
          const path = relative(join(folder, name), join(sent, 'src/schemas/json', `${name}.json`));
          expect(text.split('\n')[0], file).toBe(`# yaml-language-server: $schema=${path}`);
        }
        expect(checker(sent, name)(parse(text)), `${kind}/${basename(file)}`).toBe(kind === 'test');
      }
    },
  );
});
