import { createHash } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CachedResponse,
  CacheFolder,
  decodeCacheEntry,
  encodeCacheEntry,
} from '../../../../src/scrape/http/cache/cache-folder.ts';
import { lacks } from '../../../platform.ts';
import { tempFolderInMemory } from '../../../temp-folder.ts';

const BLOCK = 4096;
const nameOf = (page: number) => createHash('sha1').update(String(page)).digest('hex');

/** A page that takes so many blocks: noise, which nothing packs. */
function pageOf(page: number, blocks = 1): CachedResponse {
  const bytes = Array.from({ length: Math.ceil(((blocks - 0.5) * BLOCK) / 20) }, (_, part) =>
    createHash('sha1').update(`${page} ${part}`).digest(),
  );
  return { name: nameOf(page), cookie: '', headers: { etag: `"${page}"` }, body: Buffer.concat(bytes) };
}

const pages = (folder: string) => readdirSync(folder).filter((name) => name.endsWith('.page'));

/** What the files of a folder take, in blocks. */
const blocksIn = (folder: string) =>
  pages(folder).reduce((sum, name) => sum + Math.ceil(statSync(join(folder, name)).size / BLOCK), 0);

/** The folder as the next run finds it, with each page of before so much older. */
function nextRun(folder: string, blocks: number): CacheFolder {
  for (const name of pages(folder)) {
    const file = join(folder, name);
    const at = statSync(file).mtimeMs / 1000 - 3600;
    utimesSync(file, at, at);
  }
  return new CacheFolder(folder, blocks * BLOCK);
}

/** A run that asks for these pages. @returns those that were there */
async function visit(cache: CacheFolder, wanted: readonly number[]): Promise<number[]> {
  const found: number[] = [];
  for (const page of wanted) {
    if (await cache.find(nameOf(page))) {
      found.push(page);
      await cache.touch(nameOf(page));
    } else await cache.put(pageOf(page));
  }
  return found;
}

const upTo = (count: number) => Array.from({ length: count }, (_, page) => page);

describe('kept pages', () => {
  it.skipIf(lacks('modes'))(
    'are found whole by the next run, once, and are readable by their owner only',
    async () => {
      const folder = join(tempFolderInMemory(), 'cache');
      const first = new CacheFolder(folder);
      expect(await first.put(pageOf(1))).toBe(true);
      expect(await first.find(nameOf(1))).toBeUndefined();
      const next = nextRun(folder, 9);
      expect(await next.find(nameOf(1))).toEqual(pageOf(1));
      await next.touch(nameOf(1));
      expect(await next.find(nameOf(1))).toBeUndefined();
      expect(statSync(folder).mode & 0o777).toBe(0o700);
      expect(statSync(join(folder, `${nameOf(1)}.page`)).mode & 0o777).toBe(0o600);
    },
  );

  it('that are more than fit: the first ones stay, and the next run finds them', async () => {
    const folder = join(tempFolderInMemory(), 'cache');
    expect(await visit(new CacheFolder(folder, 5 * BLOCK), upTo(8))).toEqual([]);
    expect(blocksIn(folder)).toBe(5);
    expect(await visit(nextRun(folder, 5), upTo(8))).toEqual(upTo(5));
    expect(await visit(nextRun(folder, 5), upTo(8))).toEqual(upTo(5));
  });

  it('that were not needed for longest make room', async () => {
    const folder = join(tempFolderInMemory(), 'cache');
    await visit(new CacheFolder(folder, 3 * BLOCK), [1, 2, 3]);
    await visit(nextRun(folder, 3), [2, 3]);
    await visit(nextRun(folder, 3), [3]);
    await visit(nextRun(folder, 3), [4]);
    expect(await visit(nextRun(folder, 3), [2, 3, 4])).toEqual([2, 3, 4]);
    await visit(nextRun(folder, 3), [5, 6]);
    expect(await visit(nextRun(folder, 3), [5, 6])).toEqual([5, 6]);
    expect(blocksIn(folder)).toBe(3);
  });

  it('too large for all room there is are not kept, and the version before is gone', async () => {
    const folder = join(tempFolderInMemory(), 'cache');
    await new CacheFolder(folder, 3 * BLOCK).put(pageOf(1));
    const cache = nextRun(folder, 3);
    expect(await cache.put(pageOf(1, 4))).toBe(false);
    expect(pages(folder)).toEqual([]);
    expect(await cache.put(pageOf(2, 3))).toBe(true);
  });

  it('never take more than they may, whatever runs do, and each is what was put there last', async () => {
    const limit = 6;
    const step = fc.record({
      page: fc.nat(5),
      version: fc.integer({ min: 10, max: 12 }),
      blocks: fc.integer({ min: 1, max: 4 }),
      newRun: fc.boolean(),
    });
    const base = tempFolderInMemory();
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 20 }), async (steps) => {
        const folder = join(mkdtempSync(join(base, 'home-')), 'cache');
        const last = new Map<string, CachedResponse>();
        let cache = new CacheFolder(folder, limit * BLOCK);
        for (const { page, version, blocks, newRun } of steps) {
          if (newRun) cache = new CacheFolder(folder, limit * BLOCK);
          const name = nameOf(page);
          const found = await cache.find(name);
          expect(found === undefined || isDeepStrictEqual(found, last.get(name))).toBe(true);
          const put = { ...pageOf(version, blocks), name };
          if (await cache.put(put)) last.set(name, put);
          else last.delete(name);
          expect(blocksIn(folder)).toBeLessThanOrEqual(limit);
        }
        for (const file of pages(folder)) {
          const name = file.replace('.page', '');
          expect(isDeepStrictEqual(await new CacheFolder(folder).find(name), last.get(name))).toBe(true);
        }
      }),
      { numRuns: 25 },
    );
  });
});

describe('a file that is not what was written', () => {
  it('is no page, wherever it was cut or changed, but for bits that mean nothing', async () => {
    const folder = join(tempFolderInMemory(), 'cache');
    await new CacheFolder(folder).put(pageOf(1));
    const whole = await encodeCacheEntry(pageOf(1));
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: whole.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        fc.boolean(),
        async (at, change, cut) => {
          const file = Buffer.from(cut ? whole.subarray(0, at) : whole);
          if (!cut) file[at] = (file[at] ?? 0) ^ change;
          writeFileSync(join(folder, `${nameOf(1)}.page`), file);
          // gzip has bits that nothing hangs on: a time, the system, what fills the last byte.
          const found = await new CacheFolder(folder).find(nameOf(1));
          expect(found === undefined || isDeepStrictEqual(found, pageOf(1))).toBe(true);
          if (cut) expect(found).toBeUndefined();
        },
      ),
      { numRuns: 200, examples: [[3, 1, false]] },
    );
    expect(await decodeCacheEntry(whole)).toEqual(pageOf(1));
  });

  it('is no page under the name of another one, and a folder or a bomb is none either', async () => {
    const folder = join(tempFolderInMemory(), 'cache');
    const cache = new CacheFolder(folder);
    await cache.put(pageOf(1));
    writeFileSync(join(folder, `${nameOf(2)}.page`), await encodeCacheEntry(pageOf(1)));
    mkdirSync(join(folder, `${nameOf(3)}.page`));
    writeFileSync(
      join(folder, `${nameOf(4)}.page`),
      await encodeCacheEntry({ ...pageOf(4), body: Buffer.alloc(12_000_000) }),
    );
    for (const page of [2, 3, 4]) expect(await cache.find(nameOf(page))).toBeUndefined();
  });

  it.skipIf(lacks('links'))(
    'of a run that was killed during a write are removed, and foreign files stay',
    async () => {
      const folder = join(tempFolderInMemory(), 'cache');
      mkdirSync(folder);
      const left = `.${nameOf(1)}.page.4194305.0123456789ab.tmp`;
      writeFileSync(join(folder, left), 'half a pa');
      writeFileSync(join(folder, 'notes.txt'), 'mine');
      symlinkSync('/nowhere', join(folder, 'link'));
      await new CacheFolder(folder, BLOCK).put(pageOf(1));
      expect(readdirSync(folder).sort()).toEqual([`${nameOf(1)}.page`, 'link', 'notes.txt'].sort());
    },
  );
});
