import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Plugin, rolldown } from 'rolldown';
import { expect, it } from 'vitest';
import { tempFolder } from '../temp-folder.ts';

const { withoutFacades } = (await import(new URL('../../build/facades.mjs', import.meta.url).href)) as {
  withoutFacades: Plugin;
};

const SOURCES = {
  'entry.js': `const { counted, count } = await import('./late.js');
    const late = await import('./late.js');
    late.count();
    const { other } = await import('./other.js');
    console.log(counted, late.counted, other, Object.keys(late).sort().join());`,
  'late.js': `export let counted = 0; export function count() { counted += 1; } export { other as again } from './other.js';`,
  'other.js': `export const other = 'other';`,
};

it('a module that lies in one file with others is imported from there, and stays as live as it was', async () => {
  const folder = tempFolder();
  for (const [name, text] of Object.entries(SOURCES)) writeFileSync(join(folder, name), text);
  const written = async (plugins: Plugin[], to: string) => {
    const bundle = await rolldown({
      cwd: folder,
      input: join(folder, 'entry.js'),
      platform: 'node',
      plugins,
    });
    const dir = join(folder, to);
    mkdirSync(dir);
    await bundle.write({
      dir,
      format: 'esm',
      codeSplitting: { groups: [{ name: 'shared', test: /(?:late|other)\.js$/ }] },
    });
    await bundle.close();
    const said = execFileSync(process.execPath, [join(dir, 'entry.js')], { encoding: 'utf8' });
    return { said, files: readdirSync(dir).length };
  };
  const [before, after] = [await written([], 'before'), await written([withoutFacades], 'after')];
  expect(before.said).toBe('0 1 other again,count,counted\n');
  expect(after.said).toBe(before.said);
  expect([before.files, after.files]).toEqual([4, 2]);
});

it('no file of dist/ only says where something is, and each file that is named is there', () => {
  const dist = new URL('../../dist/', import.meta.url);
  const names = readdirSync(dist).filter((name) => name.endsWith('.js'));
  for (const name of names) {
    const text = readFileSync(new URL(name, dist), 'utf8');
    if (name.startsWith('chunk-')) expect(text, name).not.toMatch(/^\s*export \{[^}]*\} from "[^"]*";\s*$/);
    for (const [, named] of text.matchAll(/(?:import|from)\s*\(?"\.\/(chunk-[^"]+)"/g))
      expect(names).toContain(named);
  }
});
