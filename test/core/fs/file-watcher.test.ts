import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type FileWatcher, type WatchOptions, watchFiles } from '../../../src/core/fs/file-watcher.ts';
import { MAX_CHOKIDAR_FILES } from '../../../src/core/fs/folder-events.ts';
import { lacks } from '../../platform.ts';
import { waitFor } from '../../wait-for.ts';
import { DAILY, TempStore } from './temp-store.ts';

const GOOD = { config_name: 'books', schedule: DAILY };
let temp: TempStore;
let watcher: FileWatcher | undefined;
/** What a listener knows: each job as it was when its change was told. */
let shown: Map<string, unknown>;

beforeEach(() => {
  temp = new TempStore();
  shown = new Map();
});
afterEach(async () => {
  await watcher?.close();
  temp[Symbol.dispose]();
});

async function watch(options: Partial<WatchOptions> = {}): Promise<void> {
  watcher = watchFiles(temp.store, {
    onChange: (ids) => {
      for (const id of ids) {
        const entry = temp.store.get(id);
        shown.set(id, entry?.kind === 'valid' ? entry.record.definition.description : entry?.kind);
      }
    },
    ...options,
  });
  await watcher.ready;
}

/** Polls until the listener knows `description`. */
async function seen(id: string, description: unknown): Promise<void> {
  await waitFor(
    `${id} to be seen as ${String(description)}`,
    () => shown.has(id) && shown.get(id) === description,
  );
}

/** What this process watches by inotify. */
function systemWatches(): number {
  const infos = readdirSync('/proc/self/fdinfo').map((fd) => {
    const file = `/proc/self/fdinfo/${fd}`;
    // That of the list itself is closed by now.
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  });
  return infos.join('').match(/^inotify wd:/gm)?.length ?? 0;
}

it('reports an edit by hand, a new file, a broken one and a removal', async () => {
  await temp.create('a', { description: 'first' });
  await watch();
  temp.put('a', { ...temp.json('a'), description: 'second' });
  await seen('a', 'second');
  temp.put('b', { ...GOOD, description: 'new' });
  await seen('b', 'new');
  temp.put('b', '{');
  await seen('b', 'invalid');
  rmSync(temp.file('a'));
  await seen('a', undefined);
});

it('reports the second of two writes within 50 ms', async () => {
  temp.put('a', { ...GOOD, description: 'start' });
  await watch();
  for (let round = 0; round < 15; round += 1) {
    temp.put('a', { ...GOOD, description: `${round} first` });
    await delay(5 + round * 3);
    temp.put('a', { ...GOOD, description: `${round} second` });
    await seen('a', `${round} second`);
  }
});

it('reports writes of another process and of an editor that renames', async () => {
  await temp.create('a');
  await watch();
  const other = `const fs = require('node:fs'); const file = process.argv[1];
    const job = JSON.parse(fs.readFileSync(file)); job.description = 'elsewhere';
    fs.writeFileSync(file + '~', JSON.stringify(job)); fs.renameSync(file + '~', file);`;
  execFileSync(process.execPath, ['-e', other, temp.file('a')]);
  await seen('a', 'elsewhere');
});

it('reports what git checkout changed', async () => {
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@localhost', ...args], {
      cwd: temp.paths.jobs,
      stdio: 'pipe',
    });
  temp.put('a', { ...GOOD, description: 'main' });
  temp.put('b', { ...GOOD, description: 'main' });
  git('init', '-q', '-b', 'main');
  git('add', '.');
  git('commit', '-q', '-m', 'main');
  git('checkout', '-q', '-b', 'side');
  temp.put('a', { ...GOOD, description: 'side' });
  rmSync(temp.file('b'));
  git('commit', '-q', '-a', '-m', 'side');
  await watch();
  git('checkout', '-q', 'main');
  await seen('a', 'main');
  await seen('b', 'main');
});

it('goes on when the folder was removed and made again, and when another one took its place', async () => {
  temp.put('a', { ...GOOD, description: 'before' });
  await watch();
  rmSync(temp.paths.jobs, { recursive: true });
  mkdirSync(temp.paths.jobs);
  temp.put('a', { ...GOOD, description: 'again' });
  await seen('a', 'again');
  renameSync(temp.paths.jobs, `${temp.paths.jobs}.old`);
  await seen('a', undefined);
  mkdirSync(temp.paths.jobs);
  temp.put('a', { ...GOOD, description: 'replaced' });
  await seen('a', 'replaced');
  // Not only the scan after the move: events come from the new folder.
  temp.put('a', { ...GOOD, description: 'watched' });
  await seen('a', 'watched');
});

it('passes over files that are no jobs, and files that are only touched by a rewrite of nothing', async () => {
  temp.put('a', { ...GOOD, description: 'same' });
  await watch();
  writeFileSync(`${temp.paths.jobs}/notes.txt`, 'x');
  writeFileSync(`${temp.paths.jobs}/.a.json.1.0123456789ab.tmp`, 'x');
  temp.put('b', { ...GOOD, description: 'marker' });
  await seen('b', 'marker');
  expect([...shown.keys()]).toEqual(['b']);
});

it('finds by its scan a change without an event', async () => {
  temp.put('a', { ...GOOD, description: 'before' });
  // A watcher that looks every quarter of an hour tells nothing here.
  vi.stubEnv('CHOKIDAR_USEPOLLING', '1');
  vi.stubEnv('CHOKIDAR_INTERVAL', '900000');
  await watch({ scanEvery: 50 });
  vi.unstubAllEnvs();
  temp.put('a', { ...GOOD, description: 'scanned' });
  await seen('a', 'scanned');
});

it.skipIf(lacks('linux'))('reports a change whose event the system dropped', async () => {
  for (const id of ['a', 'b', 'c']) temp.put(id, { ...GOOD, description: 'before' });
  await watch();
  const queue = Number(readFileSync('/proc/sys/fs/inotify/max_queued_events', 'utf8'));
  // Nothing is read of the queue meanwhile; the same event twice in a row would be one.
  for (let round = 0; round < queue / 2; round += 1) {
    appendFileSync(temp.file('a'), ' ');
    appendFileSync(temp.file('b'), ' ');
  }
  temp.put('c', { ...GOOD, description: 'dropped' });
  await seen('c', 'dropped');
});

it('reports each of many replacements of one file, and files that appear and disappear', async () => {
  temp.put('a', { ...GOOD, description: 'start' });
  await watch();
  for (let round = 0; round < 6; round += 1) {
    writeFileSync(`${temp.file('a')}~`, JSON.stringify({ ...temp.json('a'), description: `round ${round}` }));
    renameSync(`${temp.file('a')}~`, temp.file('a'));
    await seen('a', `round ${round}`);
    temp.put(`b-${round}`, { ...GOOD, description: 'new' });
    await seen(`b-${round}`, 'new');
    rmSync(temp.file(`b-${round}`));
    await seen(`b-${round}`, undefined);
  }
});

it.skipIf(lacks('linux'))(
  'is watched by chokidar up to a hundred files, and by one watch of the system once there are more',
  async () => {
    for (let index = 0; index < MAX_CHOKIDAR_FILES; index += 1) temp.put(`job-${index}`, GOOD);
    await watch();
    expect(systemWatches()).toBeGreaterThan(MAX_CHOKIDAR_FILES);
    temp.put('job-0', { ...GOOD, description: 'before' });
    await seen('job-0', 'before');
    temp.put('one-more', { ...GOOD, description: 'over the line' });
    await seen('one-more', 'over the line');
    await waitFor('one watch', () => systemWatches() === 1);
    temp.put('job-1', { ...GOOD, description: 'after' });
    await seen('job-1', 'after');
    rmSync(temp.file('one-more'));
    await seen('one-more', undefined);
    temp.put('job-2', { ...GOOD, description: 'under it again' });
    await seen('job-2', 'under it again');
  },
);

it('reports each of hundreds of files that appear at once, also beyond the limit of chokidar', async () => {
  for (let index = 0; index < MAX_CHOKIDAR_FILES - 10; index += 1) temp.put(`job-${index}`, GOOD);
  await watch();
  for (let index = 0; index < 300; index += 1) temp.put(`more-${index}`, { ...GOOD, description: 'new' });
  await waitFor('all of them', () =>
    Array.from({ length: 300 }, (_, index) => shown.get(`more-${index}`)).every((each) => each === 'new'),
  );
});

it.skipIf(lacks('links'))('follows a folder that is a link, and one with a backslash', async () => {
  for (const place of ['elsewhere', 'back\\slash']) {
    const real = join(temp.paths.home, place);
    renameSync(temp.paths.jobs, real);
    symlinkSync(real, temp.paths.jobs);
    await watch({ scanEvery: 3_600_000 });
    temp.put('a', { ...GOOD, description: place });
    await seen('a', place);
    await watcher?.close();
    rmSync(temp.paths.jobs);
    renameSync(real, temp.paths.jobs);
  }
});

/** Far more than chokidar watches. */
const MANY = 20 * MAX_CHOKIDAR_FILES;

it.skipIf(lacks('linux'))(
  'has one watch of the system for two thousand files, and few descriptors',
  async () => {
    for (let index = 0; index < MANY; index += 1) temp.put(`job-${index}`, { ...GOOD, description: 'x' });
    const descriptors = () => readdirSync('/proc/self/fd').length;
    const before = process.platform === 'linux' ? descriptors() : 0;
    await watch();
    expect(temp.store.list()).toHaveLength(MANY);
    if (process.platform === 'linux') {
      expect(descriptors() - before).toBeLessThan(50);
      expect(systemWatches()).toBe(1);
    }
    temp.put('job-1999', { ...GOOD, description: 'changed' });
    await seen('job-1999', 'changed');
  },
);
