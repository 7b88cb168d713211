import { appendFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { startBookshop } from '../../../src/sandbox/bookshop.ts';
import { it } from '../../extend.ts';
import { quickscrape } from '../../program.ts';

it('can run again in the same home, keeps what was changed there, and prints its result as JSON', async ({
  home,
}) => {
  await quickscrape(['demo', '--once', '--home', home], { home });
  const file = join(home, 'configs', 'books.yaml');
  appendFileSync(file, '# repaired\n');
  const said = await quickscrape(['demo', '--once', '--home', home, '--json'], { home });
  const { run, sample, home: where } = JSON.parse(said.stdout);
  expect(where).toBe(home);
  expect(run).toMatchObject({ status: 'succeeded', items: 1000, pages: 50 });
  expect(sample).toHaveLength(5);
  expect(readFileSync(file, 'utf8')).toMatch(/# repaired\n$/);
});

it('opens the shop where it was before; where another program is there, the configurations follow it', async ({
  home,
}) => {
  const start = () => quickscrape(['demo', '--once', '--home', home], { home });
  const addressOf = (name: string) =>
    /http:\/\/127\.0\.0\.1:\d+/.exec(readFileSync(join(home, 'configs', `${name}.yaml`), 'utf8'))?.[0];
  await start();
  const first = addressOf('books') ?? '';
  writeFileSync(join(home, 'configs', 'mine.yaml'), `url: "${first}/catalogue/"\nselectors: { title: h1 }\n`);
  expect((await start()).code).toBe(0);
  expect(addressOf('books')).toBe(first);
  const { port } = new URL(first);
  const other = await startBookshop({ port: Number(port) });
  onTestFinished(() => other.close());
  const said = await start();
  expect(said.stderr).toContain(`Port ${port} is taken`);
  const later = addressOf('books');
  expect(later).not.toBe(first);
  expect(addressOf('mine')).toBe(later);
});

it('takes a temporary home when none is given, keeps it, and leaves the user’s own alone', async ({
  folder: own,
}) => {
  const said = await quickscrape(['demo', '--json'], { home: own });
  const { home } = JSON.parse(said.stdout);
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  expect(said.code).toBe(0);
  expect(home).not.toBe(own);
  expect(readdirSync(own)).toEqual([]);
  const jobs = await quickscrape(['job', 'list', '--json', '--home', home], { home });
  expect(JSON.parse(jobs.stdout).jobs.map((job: { job_id: string }) => job.job_id)).toEqual([
    'books-daily',
    'books-every-minute',
  ]);
});
