import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect } from 'vitest';
import { jobSchemaLink, writeAllSchemas, writeHomeSchema } from '../../../src/core/fs/editor-schemas.ts';
import { resolveHome } from '../../../src/core/fs/paths.ts';
import { it } from '../../extend.ts';

const DIST = new URL('../../../dist/', import.meta.url);

describe('the link of a job file to its schema', () => {
  it.each([
    [{ home: '/data/home' }, '../.schemas/job.json'],
    [{ jobsDir: '/data/jobs' }, '../.schemas/job.json'],
    [{ jobsDir: '/data/scraping' }, '.quickscrape/.schemas/job.json'],
    [{ home: '/data/my home', jobsDir: '/data/jobs#1' }, '../my%20home/.schemas/job.json'],
  ])('for %j is %s', (choice, link) => {
    const paths = resolveHome(choice);
    expect(jobSchemaLink(paths)).toBe(link);
    expect(resolve(paths.jobs, decodeURIComponent(link))).toBe(join(paths.home, '.schemas', 'job.json'));
  });
});

describe('the schemas of a home', () => {
  it('are those of this version, and replace older ones', async ({ home }) => {
    const paths = resolveHome({ home });
    mkdirSync(paths.configs);
    await writeAllSchemas(paths);
    writeFileSync(join(home, '.schemas', 'job.json'), '{}');
    await writeAllSchemas(paths);
    for (const name of ['job', 'settings', 'keys', 'commands', 'homes'])
      expect(readFileSync(join(home, '.schemas', `${name}.json`), 'utf8')).toBe(
        readFileSync(new URL(`${name}.schema.json`, DIST), 'utf8'),
      );
    expect(readFileSync(join(paths.configs, '.schema.json'), 'utf8')).toContain('QuickScrape configuration');
    expect(readdirSync(join(home, '.schemas')).sort()).toEqual([
      'channels.json',
      'commands.json',
      'homes.json',
      'job.json',
      'keys.json',
      'settings.json',
    ]);
  });

  it('are left out where they cannot be written, without an error', async ({ home, folder }) => {
    const place = join(home, '.schemas');
    writeFileSync(place, 'a file');
    await writeHomeSchema(home, 'job');
    expect(readFileSync(place, 'utf8')).toBe('a file');
    rmSync(place);
    mkdirSync(place);
    symlinkSync(join(folder, 'elsewhere.json'), join(place, 'job.json'));
    await writeHomeSchema(home, 'job');
    expect(readdirSync(folder)).toEqual([]);
    // Root may write anywhere.
    if (process.getuid?.() === 0) return;
    rmSync(place, { recursive: true });
    chmodSync(home, 0o500);
    await writeHomeSchema(home, 'job');
    chmodSync(home, 0o700);
    expect(readdirSync(home)).toEqual([]);
  });
});
