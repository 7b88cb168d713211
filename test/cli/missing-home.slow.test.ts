import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { quickscrape, startProgram } from '../program.ts';
import { Site } from '../scrape/site.ts';
import { tempFolder } from '../temp-folder.ts';
import { waitFor } from '../wait-for.ts';
import { inProcess } from './in-process.ts';

const missing = () => join(tempFolder(), 'typo');

it.each([
  ['job list'],
  ['job list --json'],
  ['job run nope'],
  ['job create --config books --schedule daily --at 09:00'],
  ['list'],
  ['config set timezone UTC'],
  ['scheduler status'],
  ['scheduler stop'],
  ['scheduler restart'],
  ['scheduler run'],
  ['scheduler logs'],
  ['forecast'],
  ['export'],
  ['backup none.db'],
  ['restore none.db'],
  ['maintenance repair-jobs --yes'],
  ['wizard http://127.0.0.1:9/ --yes'],
])('%s in a missing home reports it, exits with 3 and creates nothing', async (line) => {
  const home = missing();
  const said = await inProcess([...line.split(' '), '--home', home], tempFolder());
  expect(said).toMatchObject({ code: 3, stdout: '' });
  expect(said.stderr).toContain(`there is no home at ${home}`);
  expect(said.stderr).toContain(`quickscrape init --home ${home}`);
  expect(existsSync(home)).toBe(false);
});

it('the same where QUICKSCRAPE_HOME is mistyped, with the code in JSON', async () => {
  const home = missing();
  const said = await inProcess(['job', 'list', '--json'], home);
  expect(said.code).toBe(3);
  expect(JSON.parse(said.stderr).error).toMatchObject({ code: 'home_not_found' });
  expect(existsSync(home)).toBe(false);
});

it('what needs no home goes on without one', async () => {
  const home = missing();
  for (const line of ['completion bash', 'complete -- job show', 'doctor', 'scheduler unit systemd'])
    expect((await quickscrape(line.split(' '), { home })).code).toBe(0);
  const file = join(tempFolder(), 'gone.yaml');
  expect((await inProcess(['validate', file], home)).stderr).toContain('there is no file');
  expect(existsSync(home)).toBe(false);
});

it('scrape and validate take a file without a home, and make none', async () => {
  const site = await Site.start();
  onTestFinished(() => site.stop());
  site.html('/', '<h1>one</h1>');
  const user = tempFolder();
  const cwd = tempFolder();
  writeFileSync(join(cwd, 'books.yaml'), `url: "${site.url('/')}"\nselectors: {title: h1}\n`);
  writeFileSync(join(cwd, 'next.yaml'), 'urls_from: {job: listing, field: link}\nselectors: {title: h1}\n');
  const options = { home: '', env: { HOME: user, QUICKSCRAPE_HOME: '' }, cwd };
  const sample = await quickscrape(['scrape', 'books.yaml', '--sample', '5'], options);
  expect(sample).toMatchObject({ code: 0, stdout: expect.stringContaining('one') });
  expect(await quickscrape(['validate', 'books.yaml'], options)).toMatchObject({ code: 0 });
  expect(readdirSync(cwd)).toEqual(['books.yaml', 'next.yaml']);
  expect(await quickscrape(['scrape', 'books.yaml'], options)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining(join('output', 'books.csv')),
  });
  expect(readFileSync(join(cwd, 'output', 'books.csv'), 'utf8')).toContain('one');
  const named = ['scrape', 'books.yaml', '--output-path', 'here.jsonl'];
  expect(await quickscrape(named, options)).toMatchObject({ code: 0 });
  expect(readFileSync(join(cwd, 'here.jsonl'), 'utf8')).toBe('{"title":"one"}\n');
  expect((await quickscrape(['scrape', 'next.yaml'], options)).stderr).toContain(
    'there is no home, and so no job listing',
  );
  expect(readdirSync(user)).toEqual([]);
  // A name that was mistyped is no reason to do without.
  const typo = ['scrape', 'books.yaml', '--home', join(user, 'typo')];
  expect(await quickscrape(typo, options)).toMatchObject({ code: 3 });
});

it('init and demo make one and say so, once', async () => {
  for (const line of ['init', 'demo --once']) {
    const home = missing();
    const args = [...line.split(' '), '--home', home];
    expect((await quickscrape(args, { home: tempFolder() })).stderr).toContain(`Made the home ${home}`);
    expect((await quickscrape(args, { home: tempFolder() })).stderr).not.toContain('Made the home');
    expect(readdirSync(home)).toContain('quickscrape.db');
  }
});

it('scheduler start creates a home and says so', async () => {
  const home = missing();
  const child = startProgram(['scheduler', 'start', '--home', home], { home: tempFolder() });
  let stderr = '';
  child.stderr?.on('data', (data: Buffer) => {
    stderr += data.toString();
  });
  await waitFor('the scheduler to run', () => stderr.includes('started'));
  expect(stderr).toContain(`Made the home ${home}`);
});

it('the wizard creates the default home, which cannot be a typing mistake', async () => {
  const user = tempFolder();
  const env = { HOME: user, QUICKSCRAPE_HOME: '' };
  const list = await quickscrape(['job', 'list'], { home: '', env });
  expect(list).toMatchObject({ code: 3, stderr: expect.stringContaining('quickscrape init') });
  expect(readdirSync(user)).toEqual([]);
  const said = await quickscrape(['wizard', 'http://127.0.0.1:9/', '--yes'], { home: '', env });
  expect(said.stderr).toContain(`Made the home ${join(user, '.quickscrape')}`);
  expect(said.stderr).toContain('nothing listens on 127.0.0.1:9');
});
