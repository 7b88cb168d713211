import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigEdits } from '../../../src/core/configs/config-edits.ts';
import { ConfigStore } from '../../../src/core/configs/config-store.ts';
import { StoreLock } from '../../../src/core/database/locks.ts';
import { type FileSystem, nodeFileSystem, writeFileDurably } from '../../../src/core/fs/atomic-file.ts';
import { FakeFileSystem } from '../fs/fake-file-system.ts';
import { stoppedClock, TempStore } from '../fs/temp-store.ts';

const clock = stoppedClock('2026-11-25T12:00:00Z');
let temp: TempStore;
let configs: ConfigStore;

beforeEach(() => {
  temp = new TempStore(clock);
  configs = new ConfigStore(temp.paths);
});
afterEach(() => temp[Symbol.dispose]());

const edits = (fileSystem?: FileSystem) => new ConfigEdits({ paths: temp.paths, configs, clock }, fileSystem);
const free = () => {};
const trashed = () =>
  readdirSync(temp.paths.trash)
    .sort()
    .map((name) => [name, readFileSync(join(temp.paths.trash, name), 'utf8')]);

it('keeps versions that are overwritten within one millisecond apart', async () => {
  for (const text of ['one', 'two', 'three']) await edits().save('a', text);
  await edits().delete('a', free);
  const at = clock.now();
  expect(trashed()).toEqual([
    [`a.${at}.overwritten.yaml`, 'one'],
    [`a.${at + 1}.overwritten.yaml`, 'two'],
    [`a.${at + 2}.yaml`, 'three'],
  ]);
  expect(configs.has('a')).toBe(false);
});

it('has its trash emptied after thirty days, with the jobs’', async () => {
  const old = Date.parse('2026-10-25T00:00:00Z');
  for (const name of [`a.${old}.yaml`, `a.${clock.now()}.yaml`, 'a.yaml', `A b.${old}.txt`])
    writeFileSync(join(temp.paths.trash, name), 'x');
  await temp.create('job');
  expect(readdirSync(temp.paths.trash).sort()).toEqual([`A b.${old}.txt`, `a.${clock.now()}.yaml`, 'a.yaml']);
});

it('asks under the lock whether it may delete, and deletes nothing when not', async () => {
  await edits().save('a', 'one');
  const refuse = () => {
    throw new Error('in use');
  };
  await expect(edits().delete('a', refuse)).rejects.toThrow('in use');
  await expect(edits().delete('a', free, '000000000000')).rejects.toMatchObject({ code: 'conflict' });
  expect([configs.read('a').yaml, trashed()]).toEqual(['one', []]);
});

it('waits for another process that changes the home', async () => {
  await edits().save('a', 'before');
  const lock = new StoreLock(join(temp.paths.locks, 'store.db'));
  const events: string[] = [];
  const system = new FakeFileSystem();
  system.tell = (moment) => events.push(moment);
  let saving: Promise<unknown> | undefined;
  await lock.withLock(async () => {
    saving = edits(system).save('a', 'ours');
    // Time in which it could have written many times over.
    for (let n = 0; n < 5; n += 1) await writeFileDurably(join(temp.paths.home, 'other'), String(n));
    events.push('released');
  });
  lock.close();
  await saving;
  expect(events.slice(0, 2)).toEqual(['released', 'before open file']);
  expect(configs.read('a').yaml).toBe('ours');
});

describe('an editor that knows no lock', () => {
  it('never loses another program’s write during a save: it is in place or in the trash', async () => {
    const moments: string[] = [];
    for (let k = 1; ; k += 1) {
      const name = `config-${k}`;
      await edits().save(name, 'before');
      const system = new FakeFileSystem();
      const told: string[] = [];
      system.tell = (moment) => {
        if (told.push(moment) === k) writeFileSync(configs.fileOf(name), 'edited');
      };
      await edits(system).save(name, 'ours');
      if (told.length < k) break;
      moments.push(told[k - 1] ?? '');
      const kept = trashed().flatMap(([file, text]) => (file?.startsWith(`${name}.`) ? [text] : []));
      // After our renaming it wrote over ours.
      const present = configs.read(name).yaml;
      expect([present, ...kept], told[k - 1]).toContain('edited');
      if (present === 'ours') expect(kept).toEqual(['edited']);
      else expect(kept).toEqual(['before']);
    }
    expect(moments).toContain('before sync file');
    expect(moments).toContain('after rename');
  });

  it('is not overruled by a save that names the revision it has read', async () => {
    await edits().save('a', 'before');
    const { revision } = configs.read('a');
    const system = new FakeFileSystem();
    system.tell = (moment) => {
      if (moment === 'before sync file') writeFileSync(configs.fileOf('a'), 'edited');
    };
    const save = edits(system).save('a', 'ours', revision);
    await expect(save).rejects.toMatchObject({ code: 'conflict', field: 'if_revision' });
    expect([configs.read('a').yaml, trashed()]).toEqual(['edited', []]);
  });

  it('that writes all the time is a conflict after a few tries', async () => {
    await edits().save('a', 'before');
    const system = new FakeFileSystem();
    let n = 0;
    system.tell = () => writeFileSync(configs.fileOf('a'), `edit ${n++}`);
    await expect(edits(system).save('a', 'ours')).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('keeps changing'),
    });
    expect(trashed()).toEqual([]);
  });
});

describe('a disk that refuses', () => {
  it('at whichever call leaves the old text in place, or the new one with the old in the trash', async () => {
    let failed = 0;
    for (let k = 1; ; k += 1) {
      const name = `config-${k}`;
      await edits().save(name, 'before');
      let call = 0;
      const refuse = () => {
        call += 1;
        if (call === k) throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
      };
      const save = edits(failing(refuse)).save(name, 'ours');
      const error = await save.then(
        () => undefined,
        (thrown) => thrown,
      );
      if (call < k) break;
      const kept = trashed().flatMap(([file, text]) => (file?.startsWith(`${name}.`) ? [text] : []));
      if (error === undefined || configs.read(name).yaml === 'ours') expect(kept).toEqual(['before']);
      else expect(configs.read(name).yaml).toBe('before');
      if (error !== undefined) {
        expect(error).toMatchObject({ code: 'store_unavailable' });
        failed += 1;
      }
    }
    expect(failed).toBeGreaterThan(6);
  });
});

/** The system's calls, each of which asks `refuse` first. */
function failing(refuse: () => void): FileSystem {
  const step = async <T>(work: () => Promise<T>): Promise<T> => {
    refuse();
    return work();
  };
  return {
    async open(path, flags, mode) {
      const handle = await step(() => nodeFileSystem.open(path, flags, mode));
      return {
        chmod: (to) => step(() => handle.chmod(to)),
        writeFile: (data) => step(() => handle.writeFile(data)),
        sync: () => step(() => handle.sync()),
        close: () => handle.close(),
      };
    },
    rename: (from, to) => step(() => nodeFileSystem.rename(from, to)),
    remove: nodeFileSystem.remove,
  };
}
