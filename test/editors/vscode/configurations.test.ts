import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { TextDocument } from 'vscode';
import { isConfiguration } from '../../../editors/vscode/src/config-documents.ts';
import { schemaChoices } from '../../../editors/vscode/src/schema-choices.ts';
import { selectorPlaces } from '../../../editors/vscode/src/selector-places.ts';
import { yamlPosition } from '../../../editors/vscode/src/yaml-position.ts';

const SCHEMA = JSON.parse(readFileSync('dist/configuration.schema.json', 'utf8'));

/** What is offered at the mark `|` of a text. */
function offered(marked: string): string[] {
  const before = marked.slice(0, marked.indexOf('|')).split('\n');
  const line = before.length - 1;
  const position = yamlPosition(marked.replace('|', ''), line, before[line]?.length ?? 0);
  return position === undefined ? [] : schemaChoices(SCHEMA, position).map(({ label }) => label);
}

describe('completion offers', () => {
  it('the keys that are not there yet', () => {
    const keys = offered('url: https://a.example/\n|\nselectors:\n  a: h1\n');
    expect(keys).toEqual(expect.arrayContaining(['item', 'pagination', 'output']));
    expect(keys).not.toContain('url');
    expect(keys).not.toContain('selectors');
  });

  it('the keys of a mapping below', () => {
    expect(offered('output:\n  format: csv\n  |')).toEqual(expect.arrayContaining(['path']));
    expect(offered('output:\n  format: csv\n  |')).not.toContain('format');
  });

  it('of several kinds of mapping the keys of the one that is meant', () => {
    const keys = offered('pagination:\n  type: next_button\n  |');
    expect(keys).toEqual(['selector', 'max_pages']);
    expect(offered('pagination:\n  |')).toContain('url_template');
  });

  it('the keys of a field, in whatever it is nested', () => {
    expect(offered('selectors:\n  title:\n    |')).toEqual(expect.arrayContaining(['selector', 'attribute']));
    const nested = 'selectors:\n  reviews:\n    selector: li\n    children:\n      stars:\n        sel|';
    expect(offered(nested)).toEqual(expect.arrayContaining(['selector', 'regex']));
  });

  it('the values of a key', () => {
    expect(offered('output:\n  format: |')).toEqual(expect.arrayContaining(['csv', 'excel', 'sqlite']));
    expect(offered('pagination:\n  type: |')).toEqual(expect.arrayContaining(['none', 'next_button']));
    expect(offered('respect_robots: |')).toEqual(['true', 'false']);
  });

  it('nothing in a comment, in a text, and where anything may stand', () => {
    expect(offered('# |')).toEqual([]);
    expect(offered('description: two |')).toEqual([]);
    expect(offered('name: |')).toEqual([]);
    expect(offered('selectors:\n  |')).toEqual([]);
  });
});

describe('a document is a configuration', () => {
  const invocation = { command: ['quickscrape'], home: '/home/me/.quickscrape' };
  const isOne = (fileName: string, text = 'a: 1') => {
    const lines = text.split('\n');
    const document = { uri: { scheme: 'file' }, fileName, lineCount: lines.length };
    const lineAt = (line: number) => ({ text: lines[line] });
    return isConfiguration({ ...document, lineAt } as unknown as TextDocument, invocation);
  };

  it('in the folder of the home, or with the schema of configurations', () => {
    expect(isOne('/home/me/.quickscrape/configs/books.yaml')).toBe(true);
    expect(isOne('/home/ann/books.yaml', '# yaml-language-server: $schema=./.schema.json\nurl: x')).toBe(
      true,
    );
    expect(isOne('/home/ann/b.yml', '# yaml-language-server: $schema=../configuration.schema.json')).toBe(
      true,
    );
  });

  it('and not with another schema, without one, or in another format', () => {
    expect(isOne('/home/ann/configs/books.yaml')).toBe(false);
    expect(
      isOne('/home/me/.quickscrape/settings.yaml', '# yaml-language-server: $schema=./settings.schema.json'),
    ).toBe(false);
    expect(isOne('/home/ann/a.yaml', '# yaml-language-server: $schema=./docker.schema.json')).toBe(false);
    expect(isOne('/home/me/.quickscrape/configs/books.json')).toBe(false);
  });
});

describe('selectors are found', () => {
  it('by the names under which their matches are counted', () => {
    const yaml = [
      'item: li',
      'selectors:',
      '  title: "h3 a"',
      '  reviews:',
      '    selector: .review  # each',
      '    children: {stars: {selector: .stars}}',
      'pagination: {type: next_button, selector: a.next}',
      'follow:',
      '  selector: h3 a',
      '  selectors:',
      '    text: .body',
    ].join('\n');
    expect(
      selectorPlaces(yaml).map(({ name, selector, line, character }) => [name, selector, line, character]),
    ).toEqual([
      ['item', 'li', 0, 8],
      ['title', 'h3 a', 2, 15],
      ['reviews', '.review', 4, 21],
      ['reviews.stars', '.stars', 5, 39],
      ['pagination.selector', 'a.next', 6, 48],
      ['follow.selector', 'h3 a', 8, 16],
      ['text', '.body', 10, 15],
    ]);
  });

  it('in a text that is not finished', () => {
    expect(selectorPlaces('item: li\nselectors:\n  title: h3\n  pri').map(({ name }) => name)).toContain(
      'title',
    );
    expect(selectorPlaces('[')).toEqual([]);
    expect(selectorPlaces('')).toEqual([]);
  });
});
