import { rmSync, statSync, symlinkSync } from 'node:fs';
import { expect, it } from 'vitest';
import { FileSnapshot } from '../../../src/core/fs/file-stamp.ts';
import { JobFiles } from '../../../src/core/jobs/job-files.ts';
import type { JobEntry } from '../../../src/core/model/job-record.ts';
import { lacks } from '../../platform.ts';
import { waitFor } from '../../wait-for.ts';
import { DAILY, TempStore } from '../fs/temp-store.ts';

const GOOD = { config_name: 'books', schedule: DAILY };
/** More than two batches. */
const MANY = 450;
const idOf = (index: number) => `job-${String(index).padStart(3, '0')}`;

function homeWithMany(): TempStore {
  const home = new TempStore();
  for (let index = 0; index < MANY; index += 1) home.put(idOf(index), { ...GOOD, description: 'first' });
  return home;
}

it.skipIf(lacks('links'))(
  'the batches have all jobs of the list, also files that are no valid jobs, each once',
  () => {
    using home = homeWithMany();
    home.put('broken', '{');
    home.put('Wrong Name', '{}');
    symlinkSync(home.file(idOf(0)), home.file('link'));
    const batches = [...home.store.batches()];
    expect(batches.length).toBeGreaterThan(2);
    expect(JSON.stringify(batches.flat())).toBe(JSON.stringify(home.store.list()));
  },
);

it('a change between two batches is in a later batch or in the next full comparison', () => {
  using home = homeWithMany();
  const book = new FileSnapshot(home.store);
  const batches = home.store.batches();
  const first: JobEntry[] = batches.next().value ?? [];
  const edit = (id: string) => home.put(id, { ...GOOD, description: 'edited meanwhile' });
  const [early, late, gone, added] = [idOf(0), idOf(MANY - 1), idOf(MANY - 2), 'new'];
  expect(first.map(({ id }) => id)).toContain(early);
  for (const id of [early, late, added]) edit(id);
  rmSync(home.file(gone));
  const rest = [...batches].flat();
  const found = rest.find(({ id }) => id === late);
  expect(found).toMatchObject({ record: { definition: { description: 'edited meanwhile' } } });
  expect(rest.some(({ id }) => id === gone)).toBe(false);
  expect(book.compareAll().sort()).toEqual([early, gone, late, added].sort());
});

it('a job that is not remembered is read as it is, and an edit by hand of it is noticed', async () => {
  using home = new TempStore();
  for (const id of ['a', 'b', 'c']) await home.create(id, { description: 'first' });
  home.store.limitCache(1);
  // Long enough for the files to be remembered at all.
  await waitFor('the files to settle', () => Date.now() - statSync(home.file('c')).ctimeMs > 1_050);
  const files = new JobFiles(home.paths.jobs);
  files.limitCache(1);
  const read = files.read('a', undefined);
  expect(files.read('a', undefined)).toBe(read);
  files.read('b', undefined);
  expect(files.read('a', undefined)).not.toBe(read);
  const revisions = () =>
    home.store.list().map((entry) => entry.kind === 'valid' && `${entry.id} ${entry.record.revision}`);
  expect(revisions()).toEqual(['a 1', 'b 1', 'c 1']);
  for (const id of ['a', 'c']) home.put(id, { ...home.json(id), description: 'by hand' });
  expect(home.valid('a').record).toMatchObject({ revision: 2, updatedBy: 'hand' });
  expect(revisions()).toEqual(['a 2', 'b 1', 'c 2']);
  home.put('b', { ...home.json('b'), description: 'by hand' });
  expect(
    [...home.store.batches()].flat().map((entry) => entry.kind === 'valid' && entry.record.revision),
  ).toEqual([2, 2, 2]);
});
