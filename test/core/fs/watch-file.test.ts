import {
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
import { beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { watchFile } from '../../../src/core/fs/file-watcher.ts';
import { chooseFileWatch } from '../../../src/core/fs/folder-events.ts';
import { lacks } from '../../platform.ts';
import { tempFolder } from '../../temp-folder.ts';
import { waitFor } from '../../wait-for.ts';

/** No scan in the time of a test: only events tell. */
const NEVER = 3_600_000;

let folder: string;
let file: string;
/** What was in the file when a change was told; `undefined`: there was none. */
let told: (string | undefined)[];

beforeEach(() => {
  folder = tempFolder();
  file = join(folder, 'settings.yaml');
  told = [];
});

async function watch(scanEvery = NEVER) {
  const watcher = watchFile(
    file,
    () => told.push(existsSync(file) ? readFileSync(file, 'utf8') : undefined),
    {
      scanEvery,
    },
  );
  onTestFinished(() => watcher.close());
  await watcher.ready;
  return watcher;
}

const seen = (text: string | undefined) =>
  waitFor(`${text ?? 'no file'} to be told`, () => told.length > 0 && told.at(-1) === text);

function replace(text: string): void {
  writeFileSync(`${file}.tmp`, text);
  renameSync(`${file}.tmp`, file);
}

/** What this process watches by inotify. */
function systemWatches(): number {
  const infos = readdirSync('/proc/self/fdinfo').map((fd) => {
    const info = `/proc/self/fdinfo/${fd}`;
    return existsSync(info) ? readFileSync(info, 'utf8') : '';
  });
  return infos.join('').match(/^inotify wd:/gm)?.length ?? 0;
}

it('chooses chokidar for a file that is there, and the watch of the folder for one that is not', () => {
  expect([chooseFileWatch(true), chooseFileWatch(false)]).toEqual(['file', 'folder']);
});

it('tells an edit, each of many replacements, a deletion and a new file', async () => {
  writeFileSync(file, 'first');
  await watch();
  writeFileSync(file, 'second');
  await seen('second');
  for (let round = 0; round < 6; round += 1) {
    replace(`round ${round}`);
    await seen(`round ${round}`);
  }
  rmSync(file);
  await seen(undefined);
  writeFileSync(file, 'again');
  await seen('again');
  writeFileSync(file, 'and edited');
  await seen('and edited');
});

it('tells a file that was missing, and what happens to it later', async () => {
  await watch();
  replace('new');
  await seen('new');
  replace('replaced');
  await seen('replaced');
});

it('tells a file whose folder was missing as well, and was removed and made again', async () => {
  rmSync(folder, { recursive: true });
  await watch();
  mkdirSync(folder);
  writeFileSync(file, 'new');
  await seen('new');
  rmSync(folder, { recursive: true });
  await seen(undefined);
  mkdirSync(folder);
  writeFileSync(file, 'again');
  await seen('again');
});

it('tells nothing of the files beside it, and nothing where nothing has changed', async () => {
  writeFileSync(file, 'same');
  await watch();
  writeFileSync(join(folder, 'other-settings.yaml'), 'x');
  writeFileSync(join(folder, 'quickscrape.db'), 'x');
  replace('marker');
  await seen('marker');
  expect(told).toEqual(['marker']);
});

it.skipIf(lacks('links'))('finds by its scan that a link leads to another file', async () => {
  const [one, other] = [join(folder, 'one'), join(folder, 'other')];
  writeFileSync(one, 'one');
  writeFileSync(other, 'other');
  symlinkSync(one, file);
  await watch(50);
  symlinkSync(other, `${file}.tmp`);
  renameSync(`${file}.tmp`, file);
  await seen('other');
});

it('finds by its scan what no event told', async () => {
  writeFileSync(file, 'before');
  vi.stubEnv('CHOKIDAR_USEPOLLING', '1');
  vi.stubEnv('CHOKIDAR_INTERVAL', '900000');
  await watch(50);
  vi.unstubAllEnvs();
  writeFileSync(file, 'scanned');
  await seen('scanned');
});

it('is ready although the file was deleted while the watch opened', async () => {
  writeFileSync(file, 'first');
  const watcher = watchFile(file, () => told.push(undefined), { scanEvery: 1 });
  onTestFinished(() => watcher.close());
  rmSync(file);
  // The scan comes before anything else.
  for (const end = performance.now() + 20; performance.now() < end; );
  await watcher.ready;
  expect(told).toEqual([undefined]);
});

it('scans no more when the report of a scan has closed it', async () => {
  const SCAN_MS = 23;
  writeFileSync(file, 'before');
  vi.stubEnv('CHOKIDAR_USEPOLLING', '1');
  vi.stubEnv('CHOKIDAR_INTERVAL', '900000');
  let closed: Promise<void> | undefined;
  const watcher = watchFile(
    file,
    () => {
      closed = watcher.close();
    },
    { scanEvery: SCAN_MS },
  );
  await watcher.ready;
  vi.unstubAllEnvs();
  writeFileSync(file, 'scanned');
  await waitFor('the report', () => closed !== undefined);
  await closed;
  const timers = vi.spyOn(globalThis, 'setTimeout');
  await new Promise((resolve) => setTimeout(resolve, 10 * SCAN_MS));
  expect(timers.mock.calls.filter(([, ms]) => ms === SCAN_MS)).toEqual([]);
  timers.mockRestore();
});

it.skipIf(lacks('linux'))(
  'holds one watch of the system after an editor has moved the file away and written a new one',
  async () => {
    writeFileSync(file, 'first');
    const before = systemWatches();
    await watch();
    for (const text of ['second', 'third']) {
      renameSync(file, `${file}~`);
      // chokidar sees that there is no file, and the watcher reports only that there is another one.
      await new Promise((resolve) => setTimeout(resolve, 30));
      writeFileSync(file, text);
      await seen(text);
      await waitFor('one watch of the file', () => systemWatches() - before === 1);
    }
  },
);

it.skipIf(lacks('linux'))(
  'holds one watch of the system while there is a file or none, and none once closed',
  async () => {
    const before = systemWatches();
    const watcher = await watch();
    expect(systemWatches() - before).toBe(1);
    writeFileSync(file, 'new');
    await seen('new');
    await waitFor('one watch of the file', () => systemWatches() - before === 1);
    rmSync(file);
    await seen(undefined);
    await waitFor('one watch of the folder', () => systemWatches() - before === 1);
    await watcher.close();
    await waitFor('no watch', () => systemWatches() === before);
    writeFileSync(file, 'unseen');
    expect(told).toEqual(['new', undefined]);
  },
);
