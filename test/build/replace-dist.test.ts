import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { it } from '../extend.ts';

const { replaceFolder } = await import(
  new URL('../../build/bundle/replace-folder.mjs', import.meta.url).href
);
const BUILD = fileURLToPath(new URL('../../build/build.mjs', import.meta.url));
const DIST = fileURLToPath(new URL('../../dist', import.meta.url));

/** Two folders, `dist` and `new`, each with one file that has its name in it. */
function twoFolders(folder: string): { to: string; from: string } {
  const [to, from] = ['dist', 'new'].map((name) => {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'name.txt'), name);
    return join(folder, name);
  }) as [string, string];
  return { to, from };
}

it('puts a folder in the place of another, or where there is none, and leaves nothing else', async ({
  folder,
}) => {
  const { to, from } = twoFolders(folder);
  await replaceFolder(to, from);
  expect(readFileSync(join(to, 'name.txt'), 'utf8')).toBe('new');
  await replaceFolder(from, to);
  expect(readdirSync(folder)).toEqual(['new']);
});

it('leaves the old folder where the new one cannot be put in its place', async ({ folder }) => {
  const { to } = twoFolders(folder);
  await expect(replaceFolder(to, join(folder, 'absent'))).rejects.toThrow('ENOENT');
  expect(readFileSync(join(to, 'name.txt'), 'utf8')).toBe('dist');
  expect(readdirSync(folder)).toEqual(['dist', 'new']);
});

it('a build refuses while tests use its folder', () => {
  const { ino } = statSync(DIST);
  const { status, stderr } = spawnSync(process.execPath, [BUILD, '--no-types'], { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: expect.stringContaining('tests use dist/ at present'),
  });
  expect(statSync(DIST).ino).toBe(ino);
});
