import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type FileSystem, nodeFileSystem, writeFileDurably } from '../../../src/core/fs/atomic-file.ts';
import { it } from '../../extend.ts';
import { lacks } from '../../platform.ts';
import { tempFolder } from '../../temp-folder.ts';

/** The system's calls, noted in order; from the k-th on (or only there) they fail with `code`. */
class FaultySystem implements FileSystem {
  readonly calls: string[] = [];
  readonly #failAt: number;
  readonly #code: string;
  readonly #forEver: boolean;

  constructor(failAt = Number.POSITIVE_INFINITY, code = '', forEver = false) {
    this.#failAt = failAt;
    this.#code = code;
    this.#forEver = forEver;
  }

  async open(path: string, flags: string, mode: number) {
    const what = flags === 'r' ? 'folder' : 'file';
    this.#call(`open ${what}`);
    const handle = await nodeFileSystem.open(path, flags, mode);
    return {
      chmod: (to: number) => this.#step('chmod', () => handle.chmod(to)),
      writeFile: async (data: string | Uint8Array) => {
        try {
          this.#call('write');
        } catch (error) {
          // A full disk takes what still fits before it refuses.
          await handle.writeFile(data.slice(0, data.length / 2));
          throw error;
        }
        await handle.writeFile(data);
      },
      sync: () => this.#step(`sync ${what}`, () => handle.sync()),
      // A failing close gives the descriptor back all the same.
      close: async () => {
        await handle.close();
        this.#call(`close ${what}`);
      },
    };
  }

  rename(from: string, to: string): Promise<void> {
    return this.#step('rename', () => nodeFileSystem.rename(from, to));
  }

  async remove(path: string): Promise<void> {
    // Removing a name needs no space and no descriptor; a read-only disk would not have let us make it.
    await nodeFileSystem.remove(path);
  }

  async #step(name: string, work: () => Promise<void>): Promise<void> {
    this.#call(name);
    await work();
  }

  #call(name: string): void {
    this.calls.push(name);
    const count = this.calls.length;
    if (count === this.#failAt || (this.#forEver && count > this.#failAt)) {
      throw Object.assign(new Error(`${this.#code}: made by the test, ${name}`), { code: this.#code });
    }
  }
}

it.skipIf(lacks('modes'))('syncs the file before the rename and the folder after it', async () => {
  const system = new FaultySystem();
  await writeFileDurably(join(tempFolder(), 'a.json'), 'new', { fileSystem: system });
  expect(system.calls).toEqual([
    ...['open file', 'chmod', 'write', 'sync file', 'close file', 'rename'],
    ...['open folder', 'sync folder', 'close folder'],
  ]);
});

it.skipIf(lacks('modes'))(
  'syncs the file alone when only the replacement may be lost with the power',
  async () => {
    const system = new FaultySystem();
    await writeFileDurably(join(tempFolder(), 'a.json'), 'new', { fileSystem: system, sync: 'content' });
    expect(system.calls).toEqual(['open file', 'chmod', 'write', 'sync file', 'close file', 'rename']);
  },
);

it.skipIf(lacks('modes'))('without sync still replaces the file as a whole', async () => {
  const system = new FaultySystem();
  await writeFileDurably(join(tempFolder(), 'a.json'), 'new', { fileSystem: system, sync: false });
  expect(system.calls).toEqual(['open file', 'chmod', 'write', 'close file', 'rename']);
});

const CODES = ['ENOSPC', 'EIO', 'EMFILE', 'EACCES', 'EROFS', 'EDQUOT'];

it.for(CODES.flatMap((code) => [true, false].map((forEver) => ({ code, forEver }))))(
  'leaves the old file or the whole new one, reports the error, and leaves no other file: $code, for ever: $forEver',
  async ({ code, forEver }, { folder }) => {
    const file = join(folder, 'a.json');
    const [old, next] = ['old '.repeat(5_000), 'new '.repeat(6_000)];
    for (let failAt = 1; ; failAt += 1) {
      writeFileSync(file, old);
      const system = new FaultySystem(failAt, code, forEver);
      const outcome = await writeFileDurably(file, next, { fileSystem: system }).catch(
        (error: unknown) => error,
      );
      const content = readFileSync(file, 'utf8');
      expect(readdirSync(folder)).toEqual(['a.json']);
      if (system.calls.length < failAt) {
        expect([outcome, content]).toEqual([undefined, next]);
        expect(failAt).toBe(10);
        return;
      }
      expect(outcome).toMatchObject({ code: 'store_unavailable', message: expect.stringContaining(code) });
      const renamed = system.calls.includes('open folder');
      expect(content).toBe(renamed ? next : old);
    }
  },
);

it('calls the write off when the check before the replacement throws', async ({ folder }) => {
  const file = join(folder, 'a.json');
  writeFileSync(file, 'old');
  const stop = new Error('changed meanwhile');
  const write = writeFileDurably(file, 'new', {
    beforeReplace: () => {
      throw stop;
    },
  });
  await expect(write).rejects.toBe(stop);
  expect(readFileSync(file, 'utf8')).toBe('old');
  expect(readdirSync(folder)).toEqual(['a.json']);
});

it.skipIf(lacks('links'))('does not replace a symbolic link', async ({ folder }) => {
  mkdirSync(join(folder, 'real'));
  writeFileSync(join(folder, 'real', 'a'), 'theirs');
  symlinkSync(join(folder, 'real', 'a'), join(folder, 'a'));
  await expect(writeFileDurably(join(folder, 'a'), 'ours')).rejects.toMatchObject({ code: 'not_allowed' });
  expect(readFileSync(join(folder, 'real', 'a'), 'utf8')).toBe('theirs');
});

it.skipIf(lacks('modes'))('gives the requested mode under any umask', async () => {
  const file = join(tempFolder(), 'a');
  const before = process.umask(0o777);
  try {
    await writeFileDurably(file, 'x', { mode: 0o640 });
  } finally {
    process.umask(before);
  }
  expect(statSync(file).mode & 0o777).toBe(0o640);
});
