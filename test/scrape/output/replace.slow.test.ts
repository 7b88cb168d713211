import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { gunzipSync } from 'node:zlib';
import Libsql from 'libsql';
import { afterAll, describe, expect, it } from 'vitest';
import { bundleFixture } from '../../fixtures/bundle-fixture.ts';
import { lacks } from '../../platform.ts';
import { failureOf } from '../http/with-site.ts';
import { withExport } from './with-export.ts';

const { path, stage, write, read, files } = withExport();

const program = await bundleFixture('export-rows');
afterAll(() => program.remove());

/** The rows of an output, read by the format's own means. */
const rowsIn: Readonly<Record<string, (name: string) => unknown[]>> = {
  'out.jsonl': (name) => read(name).trimEnd().split('\n'),
  'out.csv.gz': (name) =>
    gunzipSync(readFileSync(path(name)))
      .toString()
      .trimEnd()
      .split('\n')
      .slice(1),
  'out.db': (name) => {
    const db = new Libsql(path(name));
    try {
      return db.prepare('SELECT n FROM items').all();
    } finally {
      db.close();
    }
  },
  // A workbook is whole when its directory, which comes last, is there.
  'out.xlsx': (name) => (readFileSync(path(name)).subarray(-22, -18).toString() === 'PK\x05\x06' ? ROWS : []),
};
const ROWS = Array.from({ length: 8_000 }, (_, n) => ({ n, text: 'x'.repeat(100) }));

describe('an output file', () => {
  it.skipIf(lacks('modes'))('replaces the old one and keeps its permissions', async () => {
    writeFileSync(path('out.csv'), 'old');
    chmodSync(path('out.csv'), 0o640);
    stage([{ a: 1 }]);
    await write('out.csv');
    expect([read('out.csv'), statSync(path('out.csv')).mode & 0o777]).toEqual(['a\n1\n', 0o640]);
  });

  it.each(['out.csv', 'out.json', 'out.jsonl', 'out.csv.gz', 'out.xlsx'])(
    '%s is replaced in one step: a reader of the old file reads it to its end',
    async (name) => {
      stage([{ a: 'old' }]);
      await write(name);
      const old = readFileSync(path(name));
      const reader = openSync(path(name), 'r');
      try {
        stage([{ a: 'new' }, { a: 'newer' }]);
        await write(name);
        expect(readFileSync(reader)).toEqual(old);
        expect(readFileSync(path(name))).not.toEqual(old);
      } finally {
        closeSync(reader);
      }
    },
  );

  it.skipIf(lacks('modes'))(
    'in a folder closed to others is closed to others, with the folders made for it',
    async () => {
      mkdirSync(path('home'), { mode: 0o700 });
      stage([{ a: 1 }]);
      await write('home/x/y/out.csv');
      for (const name of ['home/x', 'home/x/y']) expect(statSync(path(name)).mode & 0o777).toBe(0o700);
      expect(statSync(path('home/x/y/out.csv')).mode & 0o777).toBe(0o600);
    },
  );

  it.skipIf(lacks('links'))('behind a link is written where the link leads', async () => {
    mkdirSync(path('data'));
    writeFileSync(path('data/real.csv'), 'old');
    symlinkSync(path('data/real.csv'), path('out.csv'));
    stage([{ a: 1 }]);
    await write('out.csv');
    expect(lstatSync(path('out.csv')).isSymbolicLink()).toBe(true);
    expect(read('data/real.csv')).toBe('a\n1\n');
  });

  it('may have the longest name that a disk takes', async () => {
    const name = `${'ü'.repeat(125)}.csv`;
    stage([{ a: 1 }]);
    await write(name);
    expect(read(name)).toBe('a\n1\n');
  });
});

describe('a target that cannot be written is reported in words:', () => {
  it.skipIf(lacks('links')).each([
    ['folder', 'is a folder'],
    ['file/out.csv', 'is a file, not a folder'],
    ['file/deeper/out.csv', 'is a file, not a folder'],
    [`${'x'.repeat(300)}.csv`, 'is too long'],
    ['link-to-device', 'is a device or a pipe'],
  ])('%.20s', async (name, message) => {
    mkdirSync(path('folder'));
    writeFileSync(path('file'), '');
    symlinkSync('/dev/null', path('link-to-device'));
    stage([{ a: 1 }]);
    const before = files();
    expect(await failureOf(write(name, { format: 'csv' }))).toMatchObject({
      kind: 'output',
      message: expect.stringContaining(message),
      hint: expect.stringMatching(/./),
    });
    expect(files()).toEqual(before);
  });

  // Root may write everywhere.
  it.skipIf(process.getuid?.() === 0 || lacks('modes'))('a folder without write permission', async () => {
    mkdirSync(path('closed'), { mode: 0o500 });
    stage([{ a: 1 }]);
    expect(await failureOf(write('closed/out.csv'))).toMatchObject({
      kind: 'output',
      message: expect.stringContaining('not allowed to write'),
    });
  });
});

it('a run that is cancelled while it writes leaves the old file and no part', async () => {
  writeFileSync(path('out.csv'), 'old');
  stage([{ a: 1 }]);
  expect(await failureOf(write('out.csv', { signal: AbortSignal.abort() }))).toMatchObject({
    kind: 'cancelled',
  });
  expect([read('out.csv'), files()]).toEqual(['old', ['items.jsonl', 'out.csv']]);
});

describe('a process killed while it writes', () => {
  it.each(Object.keys(rowsIn))('leaves a whole %s, and its leftovers are swept', async (name) => {
    const rows = rowsIn[name] ?? (() => []);
    stage([{ n: 0, text: 'old' }]);
    await write(name);
    const old = readFileSync(path(name));
    stage(ROWS);
    let killedHalfWay = 0;
    for (let round = 0; round < 4; round++) {
      const child = spawn(process.execPath, [program.file, path('items.jsonl'), path(name)]);
      const exit = once(child, 'exit');
      // What appears beside the output is being written, or is how to take back what is: the moment to strike.
      const half = () =>
        files().filter((file) => file.includes(`.${child.pid}.`) || file === `${name}-journal`).length > 0;
      while (!half() && child.exitCode === null) await new Promise((resolve) => setImmediate(resolve));
      child.kill('SIGKILL');
      await exit;
      if (half()) killedHalfWay += 1;
      if (!readFileSync(path(name)).equals(old)) expect([1, ROWS.length]).toContain(rows(name).length);
    }
    expect(killedHalfWay).toBeGreaterThan(0);
    await write(name);
    expect(rows(name)).toHaveLength(ROWS.length);
    expect(files()).toEqual(['items.jsonl', name]);
  });
});

it('what a living process is writing is not swept', async () => {
  const mine = path(`.other.csv.${process.pid}.0123456789ab.tmp`);
  writeFileSync(mine, 'half');
  stage([{ a: 1 }]);
  await write('out.csv');
  expect(existsSync(mine)).toBe(true);
});
