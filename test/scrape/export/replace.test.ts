import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, lstatSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../fetch/with-site.ts';
import { withExport } from './with-export.ts';

const { path, stage, write, read, files } = withExport();

/** Node 20 runs no TypeScript. */
async function bundle(file: string): Promise<void> {
  const input = fileURLToPath(new URL('../../fixtures/export-rows.ts', import.meta.url));
  const bundled = await rolldown({ input, platform: 'node' });
  await bundled.write({ file, format: 'esm' });
  await bundled.close();
}

describe('an output file', () => {
  it('replaces the old one and keeps its permissions', async () => {
    writeFileSync(path('out.csv'), 'old');
    chmodSync(path('out.csv'), 0o640);
    stage([{ a: 1 }]);
    await write('out.csv');
    expect([read('out.csv'), statSync(path('out.csv')).mode & 0o777]).toEqual(['a\n1\n', 0o640]);
  });

  it('in a folder closed to others is closed to others, with the folders made for it', async () => {
    mkdirSync(path('home'), { mode: 0o700 });
    stage([{ a: 1 }]);
    await write('home/x/y/out.csv');
    for (const name of ['home/x', 'home/x/y']) expect(statSync(path(name)).mode & 0o777).toBe(0o700);
    expect(statSync(path('home/x/y/out.csv')).mode & 0o777).toBe(0o600);
  });

  it('behind a link is written where the link leads', async () => {
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

describe('a target that cannot be written is told in words:', () => {
  it.each([
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
  it.skipIf(process.getuid?.() === 0)('a folder without write permission', async () => {
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

it('a process killed while it writes leaves a whole file, and what it left is swept', async () => {
  const items = Array.from({ length: 20_000 }, (_, n) => ({ n, text: 'x'.repeat(100) }));
  stage(items);
  const whole = read('items.jsonl');
  writeFileSync(path('out.jsonl'), 'old');
  const program = path('program/export-rows.mjs');
  await bundle(program);
  let killedHalfWay = 0;
  for (let round = 0; round < 6; round++) {
    const child = spawn(process.execPath, [program, path('items.jsonl'), path('out.jsonl')]);
    const exit = once(child, 'exit');
    // A part that appears is being written: the moment to strike.
    const parts = () => files().filter((name) => name.endsWith(`.part`) && name.includes(`.${child.pid}.`));
    while (parts().length === 0 && child.exitCode === null)
      await new Promise((resolve) => setImmediate(resolve));
    child.kill('SIGKILL');
    await exit;
    if (parts().length > 0) killedHalfWay += 1;
    expect(['old', whole]).toContain(read('out.jsonl'));
  }
  expect(killedHalfWay).toBeGreaterThan(0);
  await write('out.jsonl');
  expect(files()).toEqual(['items.jsonl', 'out.jsonl', 'program']);
});

it('what a living process is writing is not swept', async () => {
  const mine = path(`.other.csv.${process.pid}.0123abcd.part`);
  writeFileSync(mine, 'half');
  stage([{ a: 1 }]);
  await write('out.csv');
  expect(existsSync(mine)).toBe(true);
});
