import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
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

describe('the job of urls_from', () => {
  const checkJob = async (source: string, name = 'x') => {
    const { home, configs, jobs } = resolveHome({ home: join(tempFolder(), 'home') });
    for (const folder of [configs, jobs]) mkdirSync(folder, { recursive: true });
    writeFileSync(
      join(configs, 'list.yaml'),
      'url: https://e.com/\nselectors: {title: h1, link: {selector: a, attribute: href}, at: {page: url}}\n',
    );
    writeFileSync(join(jobs, 'listing.json'), JSON.stringify({ config_name: 'list', schedule: 'daily' }));
    const yaml = `selectors: {title: h1}\nurls_from: ${source}\n`;
    return (await validateConfig({ ask: 'check', yaml, name, home, time_limit_ms: 9_000 })).warnings;
  };

  it('is fine with a field that its configuration has', async () => {
    for (const field of ['link', 'at']) expect(await checkJob(`{job: listing, field: ${field}}`)).toEqual([]);
  });

  it('is named where it is not there, runs the same configuration or has no such field', async () => {
    expect(await checkJob('{job: listign, field: link}')).toMatchObject([
      {
        path: 'urls_from.job',
        line: 2,
        message: 'there is no job "listign" in this home',
        hint: 'Did you mean listing?',
      },
    ]);
    expect(await checkJob('{job: listing, field: lnik}')).toMatchObject([
      {
        path: 'urls_from.field',
        line: 2,
        message: 'the rows of job listing have no field lnik',
        hint: 'Its configuration list has title, link, at. Did you mean "link"?',
      },
    ]);
    expect(await checkJob('{job: listing, field: title}', 'list')).toMatchObject([
      { path: 'urls_from.job', message: expect.stringContaining('runs this configuration itself') },
    ]);
    expect(await checkJob('{job: ../configs/list, field: title}')).toMatchObject([
      { message: expect.stringContaining('there is no job') },
    ]);
  });
});
