import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { JobEntry } from '../../../src/core/model/job-record.ts';
import { waitFor } from '../../wait-for.ts';
import { DAILY, TempStore } from '../fs/temp-store.ts';

const GOOD = { config_name: 'books', schedule: DAILY, description: 'first' };
const idOf = (index: number) => `job-${String(index).padStart(3, '0')}`;

/** Whose files have been there for so long that a change shows in their stamps. */
async function homeOf(jobs: number): Promise<TempStore> {
  const home = new TempStore();
  for (let index = 0; index < jobs; index += 1) home.put(idOf(index), GOOD);
  const last = home.file(idOf(jobs - 1));
  await waitFor('the files to settle', () => Date.now() - statSync(last).ctimeMs > 1_050);
  return home;
}

/** Without what depends on when it was asked. */
const said = (entries: readonly JobEntry[]) =>
  entries.map((entry) => (entry.kind === 'valid' ? entry.record : entry));

it('a process that opens a home of hundreds finds an index, and sees what has been done by hand since', async () => {
  using home = await homeOf(500);
  const first = home.store.list();
  // Who came first could not know whether an index would be of use to anybody.
  expect(statSync(home.paths.jobIndex).size).toBe(0);
  home.reopen().list();
  expect(statSync(home.paths.jobIndex).size).toBeGreaterThan(500 * 100);
  expect(statSync(home.paths.jobIndex).mode & 0o777).toBe(0o600);
  expect(said(home.reopen().list())).toEqual(said(first));
  home.put(idOf(7), { ...GOOD, description: 'third' });
  home.put('new', GOOD);
  rmSync(home.file(idOf(8)));
  const later = home.reopen().list();
  expect(later).toHaveLength(500);
  expect(home.valid(idOf(7)).record).toMatchObject({
    revision: 2,
    updatedBy: 'hand',
    definition: { description: 'third' },
  });
  const untouched = (entries: readonly JobEntry[]) =>
    said(entries.filter(({ id }) => ![idOf(7), idOf(8), 'new'].includes(id)));
  expect(untouched(later)).toEqual(untouched(first));
});

it('a database that was lost knows no definition, so that each file is read and noted again', async () => {
  using home = await homeOf(500);
  home.store.list();
  const first = home.reopen().list();
  home.store.close();
  home.db.close();
  for (const ending of ['', '-wal', '-shm']) rmSync(`${home.paths.database}${ending}`, { force: true });
  const noted = () => home.db.get<{ n: number }>('SELECT count(*) AS n FROM job_state')?.n;
  expect(said(home.reopen().list())).toEqual(said(first));
  expect(noted()).toBe(500);
});

it('with fewer jobs, and for who keeps only some of them in mind, there is no index', async () => {
  using few = await homeOf(499);
  few.store.list();
  expect(existsSync(few.paths.jobIndex)).toBe(false);
  using many = await homeOf(500);
  many.store.limitCache(100);
  many.store.list();
  expect(existsSync(many.paths.jobIndex)).toBe(false);
});

it('an index of a home that has become small is removed', async () => {
  using home = await homeOf(500);
  for (let listing = 0; listing < 2; listing += 1) home.reopen().list();
  expect(existsSync(home.paths.jobIndex)).toBe(true);
  rmSync(home.file(idOf(0)));
  home.reopen().list();
  expect(existsSync(home.paths.jobIndex)).toBe(false);
});

it('what a killed writer left of an index is swept by the next change', async () => {
  using home = new TempStore();
  // No process has so high a number.
  writeFileSync(`${home.paths.locks}/.jobs.index.999999999.0123456789ab.tmp`, '');
  await home.create('a');
  expect(readdirSync(home.paths.locks).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});
