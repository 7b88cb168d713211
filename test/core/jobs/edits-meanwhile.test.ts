import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect } from 'vitest';
import { nodeFileSystem } from '../../../src/core/fs/atomic-file.ts';
import { JobFiles } from '../../../src/core/jobs/job-files.ts';
import { JobWriter } from '../../../src/core/jobs/job-writer.ts';
import { it } from '../../extend.ts';
import { FakeFileSystem } from '../fs/fake-file-system.ts';
import { stoppedClock, TempStore } from '../fs/temp-store.ts';

const clock = stoppedClock('2026-11-25T12:00:00Z');
let system: FakeFileSystem;
let temp: TempStore;

beforeEach(() => {
  system = new FakeFileSystem();
  temp = new TempStore(clock, system);
});
afterEach(() => temp[Symbol.dispose]());

/** Changes a job's file as other programs do, which know no lock: what they read, and one thing else. */
const EDITORS: Record<string, (id: string) => void> = {
  'replaces the file': (id) => {
    const swap = join(temp.paths.home, 'swap');
    writeFileSync(swap, JSON.stringify({ ...temp.json(id), tags: ['edited'] }));
    renameSync(swap, temp.file(id));
  },
  'writes into the file': (id) => temp.put(id, { ...temp.json(id), tags: ['edited'] }),
  'writes as many bytes into the file': (id) => temp.put(id, temp.text(id).replace('"before"', '"edited"')),
};

interface Outcome {
  moments: string[];
  /** How often the new file was begun. */
  attempts: number;
}

/** Runs `work`, and `edit` within it at the k-th moment that other programs can act at; false when there are fewer. */
async function editAt(k: number, edit: () => void, work: () => Promise<unknown>): Promise<Outcome | false> {
  const moments: string[] = [];
  system.tell = (moment) => {
    if (moments.push(moment) === k) edit();
  };
  await work();
  system.tell = () => {};
  const attempts = moments.filter((moment) => moment === 'before open file').length;
  return moments.length >= k && { moments, attempts };
}

async function started(k: number): Promise<string> {
  const id = `job-${k}`;
  await temp.create(id, { tags: ['before'] });
  return id;
}

describe.each(Object.entries(EDITORS))('an editor that %s', (_, edit) => {
  it('keeps its change, and we ours, whenever it does so while we update', async () => {
    const tried: string[] = [];
    for (let k = 1; ; k += 1) {
      const id = await started(k);
      const outcome = await editAt(
        k,
        () => edit(id),
        () => temp.store.update(id, { priority: 7 }, { by: 'cli' }),
      );
      if (!outcome) break;
      tried.push(outcome.moments[k - 1] ?? '');
      expect(temp.valid(id).record.definition, tried.at(-1)).toMatchObject({ tags: ['edited'], priority: 7 });
    }
    const steps = ['open file', 'chmod', 'write', 'sync file', 'close file'];
    const folder = ['open folder', 'sync folder', 'close folder'];
    expect(tried).toEqual([...around(steps), 'after rename', ...around(folder)]);
  });

  it('keeps its change whenever it does so while we copy the runtime state', async () => {
    for (let k = 1; ; k += 1) {
      const id = await started(k);
      temp.db.run(`UPDATE job_state SET status = 'completed', last_run = 1 WHERE job_id = ?`, [id]);
      const outcome = await editAt(
        k,
        () => edit(id),
        () => temp.store.copyRuntime(id),
      );
      if (!outcome) break;
      expect(temp.json(id)).toMatchObject({ tags: ['edited'], status: 'completed' });
    }
  });

  it('has its change in the trash when it does so while we delete', async () => {
    for (let k = 1; ; k += 1) {
      const id = await started(k);
      let wasThere = false;
      const change = () => {
        wasThere = existsSync(temp.file(id));
        if (wasThere) edit(id);
      };
      const outcome = await editAt(k, change, () => temp.store.delete(id, { by: 'cli' }));
      if (!outcome) break;
      expect(temp.store.get(id)).toBeUndefined();
      const { record } = await temp.store.restore(id);
      expect(record.definition.tags).toEqual([wasThere ? 'edited' : 'before']);
      expect(readdirSync(temp.paths.trash)).toEqual([]);
    }
  });

  it('finds nothing between our last look and the replacement', async () => {
    const attempts: number[] = [];
    for (let ticks = 0; ticks < 30; ticks += 1) {
      const id = await started(ticks);
      system.tell = (moment) => {
        if (moment !== 'after close file') return;
        system.tell = (next) => next === 'before open file' && attempts.push(ticks);
        void after(ticks, () => edit(id));
      };
      await temp.store.update(id, { priority: 7 }, { by: 'cli' });
      system.tell = () => {};
      expect(temp.valid(id).record.definition).toMatchObject({ tags: ['edited'], priority: 7 });
    }
    // Some edits came before the last look, the others after the replacement.
    expect(attempts[0]).toBe(0);
    expect(attempts.length).toBeLessThan(30);
  });
});

it('a file removed by hand while we update stays removed', async () => {
  for (let k = 1; k <= 10; k += 1) {
    const id = await started(k);
    const work = () => temp.store.update(id, { priority: 7 }, { by: 'cli' });
    const outcome = editAt(k, () => rmSync(temp.file(id)), work);
    await expect(outcome).rejects.toMatchObject({ code: 'job_not_found' });
    expect(existsSync(temp.file(id))).toBe(false);
  }
});

it('a file made by hand while we create a job of its name stays', async () => {
  for (let k = 1; k <= 10; k += 1) {
    const id = `job-${k}`;
    const made = () => temp.put(id, '{"config_name":"mine","schedule":{"type":"hourly"}}');
    await expect(editAt(k, made, () => temp.create(id))).rejects.toMatchObject({ code: 'conflict' });
    expect(temp.valid(id).record.definition.config_name).toBe('mine');
  }
});

it('an edit without a trace in size and time stamps is seen before the replacement', async ({ folder }) => {
  mkdirSync(join(folder, 'jobs'));
  const files = new JobFiles(join(folder, 'jobs'));
  const file = files.pathOf('a');
  const writer = new JobWriter({
    files,
    lockFile: join(folder, 'lock.db'),
    fileSystem: nodeFileSystem,
    tidy() {},
  });
  writeFileSync(file, 'edited');
  const seen: string[] = [];
  await writer.write(async () => {
    const version = files.version('a');
    if (!version) throw new Error('no file');
    seen.push(version.text);
    // At first as if `before` had stood there when we read, with the same stamp.
    const text = seen.length === 1 ? 'before' : version.text;
    await writer.replace('a', `${version.text}, ours`, { ...version, text }, 'content');
  });
  writer.close();
  expect(seen).toEqual(['edited', 'edited']);
});

it('a rename is done when the call returns', ({ folder }) => {
  writeFileSync(join(folder, 'a'), '');
  void nodeFileSystem.rename(join(folder, 'a'), join(folder, 'b'));
  expect(existsSync(join(folder, 'b'))).toBe(true);
});

function around(steps: readonly string[]): string[] {
  return steps.flatMap((step) => [`before ${step}`, `after ${step}`]);
}

/** Acts when `ticks` continuations of promises have run. */
async function after(ticks: number, act: () => void): Promise<void> {
  for (let tick = 0; tick < ticks; tick += 1) await undefined;
  act();
}
