import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BANNED_NAMES } from './banned-names.ts';

interface SourceFile {
  path: string;
  text: string;
}

function readSources(folder: string): SourceFile[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.includes('node_modules'))
    .map((path) => ({ path, text: readFileSync(path, 'utf8') }));
}

const SOURCES = readSources('src');

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

/** A text without what stands in quotes and comments, roughly: names in these are no identifiers. */
function withoutStrings(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/(^|\s)\/\/.*$/gm, '$1')
    .replace(/'(?:[^'\\\n]|\\.)*'/g, "''")
    .replace(/`(?:[^`\\]|\\.)*`/g, '``');
}

it('a file is of at most 400 lines', () => {
  const long = SOURCES.map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }));
  expect(long.filter(({ lines }) => lines > 400)).toEqual([]);
});
