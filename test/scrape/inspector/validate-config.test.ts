import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { resolveHome } from '../../../src/core/fs/paths.ts';
import { validateConfig } from '../../../src/scrape/inspector/validate-config.ts';
import { tempFolder } from '../../temp-folder.ts';

/** Checks `urls_from` of a configuration of a home with this file. */
async function check(source: string, text: string) {
  const root = tempFolder();
  const { home, configs } = resolveHome({ home: join(root, 'home') });
  mkdirSync(configs, { recursive: true });
  for (const file of [join(configs, 'ids.txt'), join(root, 'ids.txt')]) writeFileSync(file, text);
  const yaml = `urls_from: ${source.replace('ROOT', root)}\nselectors: {title: h1}\n`;
  const { facts, warnings } = await validateConfig({
    ask: 'check',
    yaml,
    name: 'x.yaml',
    home,
    time_limit_ms: 9_000,
  });
  return { privateHosts: facts.privateHosts, warnings };
}

it('a configuration reaches the private hosts of its file', async () => {
  const { privateHosts, warnings } = await check(
    'ids.txt',
    'https://e.com/1\nhttp://10.0.0.7:81/2\nhttp://10.0.0.7:81/3\n',
  );
  expect({ privateHosts, warnings }).toEqual({ privateHosts: ['10.0.0.7:81'], warnings: [] });
});

it('a file that is wrong, or not there, is a warning with its place', async () => {
  expect((await check('ids.txt', 'Lamp\n')).warnings).toEqual([
    {
      file: 'x.yaml',
      line: 1,
      column: 12,
      path: 'urls_from',
      message: 'ids.txt, line 1: a text of 4 characters is not a web address',
      hint: expect.stringContaining('Write each address in full'),
    },
  ]);
  expect((await check('none.txt', '')).warnings[0]?.message).toContain('none.txt does not exist');
});

it('nothing is said of files outside of the folder of the configurations', async () => {
  for (const source of ['"ROOT/ids.txt"', '"ROOT/none.txt"', '"../../ids.txt"'])
    expect(await check(source, 'http://10.0.0.7/\n')).toEqual({ privateHosts: [], warnings: [] });
});
