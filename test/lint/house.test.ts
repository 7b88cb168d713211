import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path/posix';
import { describe, expect, it } from 'vitest';
import { BANNED_IN_TEXTS, BANNED_NAMES, BANNED_PHRASES } from './banned-names.ts';
import { ROOMS } from './rooms.ts';
import { sourceFiles } from './source-files.ts';

interface SourceFile {
  path: string;
  text: string;
}

function readSources(folder: string): SourceFile[] {
  return sourceFiles(folder).map((path) => ({ path, text: readFileSync(path, 'utf8') }));
}

const SOURCES = readSources('src');

/** The files that a file imports, types and `await import()` counted. */
function importsOf({ path, text }: SourceFile): string[] {
  const imports = text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'(\.[^']+)'/g);
  return [...imports].map(([, to = '']) => normalize(join(dirname(path), to)));
}

function roomOf(path: string): string {
  const [, , ...rest] = path.split('/');
  return rest.length > 1 ? (rest[0] ?? '.') : '.';
}

describe.each(Object.entries(ROOMS))('the rooms of src/%s', (top, rooms) => {
  const files = SOURCES.filter(({ path }) => path.startsWith(`src/${top}/`));

  it('are those of the list', () => {
    expect([...new Set(files.map(({ path }) => roomOf(path)))].sort()).toEqual([...rooms].sort());
  });

  it('import only from rooms that stand before them, types counted', () => {
    const upwards = files.flatMap((file) =>
      importsOf(file)
        .filter((to) => to.startsWith(`src/${top}/`))
        .filter((to) => rooms.indexOf(roomOf(to)) > rooms.indexOf(roomOf(file.path)))
        .map((to) => `${file.path} imports ${to}`),
    );
    expect(upwards).toEqual([]);
  });

  it('have no two files of one name', () => {
    const names = files
      .filter(({ path }) => !path.includes('/commands/'))
      .map(({ path }) => path.split('/').at(-1) ?? '')
      .filter((name) => !/^(index|model|reducer|actions|view)\.tsx?$/.test(name));
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  });
});

describe('the names', () => {
  it.each(BANNED_NAMES.map((rule) => [rule.use, rule] as const))('say %s', (_use, { name }) => {
    const found = [...SOURCES, ...readSources('test')].flatMap(({ path, text }) =>
      [...withoutStrings(text).matchAll(/[A-Za-z_$][\w$]*/g)]
        .map(([word]) => word)
        .filter((word) => name.test(word))
        .map((word) => `${path}: ${word}`),
    );
    expect([...new Set(found)]).toEqual([]);
  });
});

it('the comments of src use the words of the glossary', () => {
  const found = SOURCES.flatMap(({ path, text }) => {
    const comments = text.match(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/ .*/g) ?? [];
    return BANNED_PHRASES.flatMap((phrase) => comments.join('\n').match(phrase) ?? []).map(
      (phrase) => `${path}: ${phrase}`,
    );
  });
  expect(found).toEqual([]);
});

it('the texts of src use the words of the glossary', () => {
  // The bookshop tells stories of people.
  const found = SOURCES.filter(({ path }) => !path.startsWith('src/sandbox/')).flatMap(({ path, text }) =>
    BANNED_IN_TEXTS.flatMap((phrase) => withoutComments(text).match(phrase) ?? []).map(
      (phrase) => `${path}: ${phrase}`,
    ),
  );
  expect(found).toEqual([]);
});

/** A text without what stands in quotes and comments, roughly: names in these are no identifiers. */
function withoutStrings(text: string): string {
  return withoutComments(text)
    .replace(/'(?:[^'\\\n]|\\.)*'/g, "''")
    .replace(/`(?:[^`\\]|\\.)*`/g, '``');
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');
}

// Spreading a literal only saves lines: its entries belong into the object or array itself.
it('src spreads no literals', () => {
  const literal = /^\s*\.\.\.(\{ ?(\w+|'[^']+')(:|,| \})|\{$|\['|\[\w+(\.\w+)?( \| \w+)*, .*\],?$)/;
  const found = SOURCES.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, at) => (literal.test(line) ? [`${path}:${at + 1}: ${line.trim()}`] : [])),
  );
  expect(found).toEqual([]);
});

describe('the files of src', () => {
  const lines = SOURCES.map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }));

  it('have at most 400 lines', () => {
    expect(lines.filter((file) => file.lines > 400)).toEqual([]);
  });

  // Each is one thing that a reader would look for: neither packed under a limit nor split for one.
  it('are so few that one of them in the middle has 85 lines', () => {
    const sorted = lines.map((file) => file.lines).sort((one, other) => one - other);
    expect(sorted[Math.floor(sorted.length / 2)]).toBeGreaterThanOrEqual(85);
    // 650 without src/workers, which is a top folder of its own: workers on other machines.
    expect(sorted.length).toBeLessThanOrEqual(1214);
  });
});

it.each(Object.entries(ROOMS))(
  'docs/contributing/architecture.md has a line for each room of src/%s',
  (top, rooms) => {
    const page = readFileSync('docs/contributing/architecture.md', 'utf8');
    // A table of its own (`src/core` as its title), or lines that begin with the folder.
    const own = page.split(`| \`src/${top}\` | |`)[1]?.split('\n\n')[0];
    const lines =
      own ??
      page
        .split('\n')
        .filter((line) => line.startsWith(`| \`src/${top}/`))
        .join('\n');
    const missing = rooms.filter(
      (room) => room !== '.' && !new RegExp(`\`(?:src/${top}/)?${room}\``).test(lines),
    );
    expect(missing).toEqual([]);
  },
);
