import { renameSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { JobFiles, JobNames } from '../../../src/core/jobs/job-files.ts';
import { it } from '../../extend.ts';
import { lacks } from '../../platform.ts';
import { waitFor } from '../../wait-for.ts';
import { TempStore } from '../fs/temp-store.ts';

it.skipIf(lacks('links'))(
  'a page has the jobs that the whole list has there, also files that are no valid jobs',
  async () => {
    using home = new TempStore();
    for (const id of ['a', 'c', 'e']) await home.create(id);
    home.put('b', '{');
    home.put('Wrong Name', '{}');
    symlinkSync(home.file('a'), home.file('d'));
    const all = home.store.list();
    expect(all.map(({ id, kind }) => `${id} ${kind}`)).toEqual([
      'Wrong Name invalid',
      'a valid',
      'b invalid',
      'c valid',
      'd invalid',
      'e valid',
    ]);
    for (const store of [home.store, home.other]) {
      for (let start = 0; start <= all.length; start += 1) {
        for (const limit of [1, 2, 10]) {
          const { entries, total, left } = store.page(start === 0 ? undefined : all[start - 1]?.id, limit);
          expect(JSON.stringify(entries)).toBe(JSON.stringify(all.slice(start, start + limit)));
          expect({ total, left }).toEqual({ total: 6, left: Math.max(0, 6 - start - limit) });
        }
      }
    }
    expect(home.store.page('between', 10).entries.map(({ id }) => id)).toEqual(['c', 'd', 'e']);
  },
);

it.skipIf(lacks('links'))(
  'the cached listing is dropped when an entry is added, removed or replaced',
  async ({ folder }) => {
    const names = new JobNames(folder);
    const ids = () => {
      const { ids: all, odd } = names.list();
      return all.map((id) => (odd.has(id) ? `${id}, ${odd.get(id)}` : id));
    };
    const put = (id: string) => writeFileSync(join(folder, `${id}.json`), '{}');
    put('b');
    put('a');
    expect(ids()).toEqual(['a', 'b']);
    const remembered = await untilRemembered(names);
    writeFileSync(join(folder, 'a.json'), '{ "another": "content" }');
    expect(names.list()).toBe(remembered);
    put('c');
    expect(ids()).toEqual(['a', 'b', 'c']);

    await untilRemembered(names);
    rmSync(join(folder, 'a.json'));
    expect(ids()).toEqual(['b', 'c']);

    await untilRemembered(names);
    symlinkSync(join(folder, 'c.json'), join(folder, 'other'));
    renameSync(join(folder, 'other'), join(folder, 'b.json'));
    expect(ids()).toEqual(['b, link', 'c']);

    await untilRemembered(names);
    rmSync(folder, { recursive: true });
    expect(ids()).toEqual([]);
  },
);

it('a job that was read is read again when its file changes, also in place, to the same length and with the old time', async () => {
  using home = new TempStore();
  await home.create('a', { description: 'old' });
  const description = () => home.valid('a').record.definition.description;
  // Long enough for the next change to show in the file's stamp.
  await waitFor('the file to settle', () => Date.now() - statSync(home.file('a')).ctimeMs > 1_050);
  expect(description()).toBe('old');
  expect(description()).toBe('old');
  const files = new JobFiles(home.paths.jobs);
  const read = files.read('a', undefined);
  expect(files.read('a', undefined)).toBe(read);
  const { atime, mtime } = statSync(home.file('a'));
  home.put('a', home.text('a').replace('"old"', '"new"'));
  utimesSync(home.file('a'), atime, mtime);
  expect(description()).toBe('new');
  expect(home.store.page(undefined, 1).entries).toMatchObject([{ record: { revision: 2 } }]);
  rmSync(home.file('a'));
  expect(home.store.get('a')).toBeUndefined();
});

/** A list that is given out again was not read anew. */
function untilRemembered(names: JobNames) {
  return waitFor('the folder to be remembered', () => {
    const list = names.list();
    return names.list() === list && list;
  });
}
