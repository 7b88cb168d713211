import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import * as yaml from 'yaml';
import * as zod from 'zod';
import { tempFolder } from '../temp-folder.ts';
import { bundled, writeLatePackages } from './bundled.ts';

it('packages that are read late are themselves once they are used, and not read before', async () => {
  const folder = tempFolder();
  const file = await bundled(
    `export { default as cronstrue } from 'cronstrue';\nexport * as yaml from 'yaml';
     export * as zod from 'zod'; export * as others from 'zod/v4';`,
    folder,
  );
  await writeLatePackages(folder);
  const late = (await import(pathToFileURL(file).href)) as {
    cronstrue: { toString(pattern: string): string };
    yaml: Pick<typeof yaml, 'parse' | 'parseDocument' | 'isMap' | 'LineCounter' | 'Scalar' | 'Document'>;
    zod: typeof zod;
    others: typeof zod;
  };
  const isRead = (name: string) => join(folder, name) in createRequire(file).cache;
  expect([isRead('yaml.cjs'), isRead('cronstrue.cjs')]).toEqual([false, false]);

  const text = 'a: [1, two] # kept\nb: { c: ~ }\n';
  const lines = new late.yaml.LineCounter();
  const document = late.yaml.parseDocument(text, { lineCounter: lines });
  expect(document.toString()).toBe(yaml.parseDocument(text).toString());
  expect(late.yaml.isMap(document.contents)).toBe(true);
  expect(lines.linePos(text.indexOf('b'))).toEqual({ line: 2, col: 1 });
  expect(late.yaml.Scalar.QUOTE_DOUBLE).toBe(yaml.Scalar.QUOTE_DOUBLE);
  expect(new late.yaml.Document({ b: 1 }).toString()).toBe('b: 1\n');
  expect(() => late.yaml.parse('a: "')).toThrow(/Missing closing "quote/);
  expect([isRead('yaml.cjs'), isRead('cronstrue.cjs')]).toEqual([true, false]);
  expect(isRead('zod.cjs')).toBe(false);
  const shape = late.zod.strictObject({
    at: late.zod.iso.datetime(),
    of: late.others.enum(['a']).default('a'),
  });
  expect(shape.parse({ at: '2026-11-25T08:00:00Z' })).toEqual({ at: '2026-11-25T08:00:00Z', of: 'a' });
  expect(shape.safeParse({ at: 'now', more: 1 }).error?.issues).toEqual(
    zod
      .strictObject({ at: zod.iso.datetime(), of: zod.enum(['a']).default('a') })
      .safeParse({ at: 'now', more: 1 }).error?.issues,
  );
  expect(shape.shape.of instanceof late.zod.ZodDefault).toBe(true);
  expect(shape instanceof late.zod.ZodDefault).toBe(false);
  expect(late.cronstrue.toString('0 9 * * 1-5')).toBe('At 09:00 AM, Monday through Friday');
});

it('modules of Node that take long to load are themselves once something of them is called', async () => {
  const folder = tempFolder();
  mkdirSync(join(folder, 'src'));
  const source = join(folder, 'src', 'keys.js');
  writeFileSync(
    source,
    `export { hash, randomUUID } from 'node:crypto'; export { execFileSync } from 'node:child_process';`,
  );
  const file = await bundled(`export * from ${JSON.stringify(source)};`, folder);
  const said = execFileSync(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `const { hash, randomUUID, execFileSync } = await import(${JSON.stringify(pathToFileURL(file).href)});
       const isLoaded = (name) => process.moduleLoadList.includes('NativeModule ' + name);
       const before = [isLoaded('crypto'), isLoaded('child_process')];
       const said = [hash('sha1', 'a'), randomUUID().length, execFileSync(process.execPath, ['-p', '1+1'], { encoding: 'utf8' }).trim()];
       console.log(JSON.stringify([...before, ...said]));`,
    ],
    { encoding: 'utf8' },
  );
  expect(JSON.parse(said)).toEqual([false, false, '86f7e437faa5a7fce15d1ddcb9eaeaea377667b8', 36, '2']);
});

it('libsql is loaded without a report about the process, and with one where nothing else tells which it is', async () => {
  // Beside the packages, where libsql is found.
  const folder = tempFolder(fileURLToPath(new URL('../../node_modules', import.meta.url)));
  const file = await bundled(`export { default } from 'libsql';`, folder);
  const program = (prelude: string) =>
    `const { report } = process; const own = report.getReport; let reports = 0;
     report.getReport = () => { reports += 1; return own.call(report); };
     ${prelude}
     const { default: Libsql } = await import(${JSON.stringify(pathToFileURL(file).href)});
     console.log(new Libsql(':memory:').prepare('SELECT 1 AS one').get().one, reports);`;
  const said = (prelude: string) =>
    execFileSync(process.execPath, ['--input-type=module', '-e', program(prelude)], { encoding: 'utf8' });
  expect(said('')).toBe('1 0\n');
  if (process.platform !== 'linux') return;
  // A container of Node alone: no ldd to look at, none to call.
  expect(
    said(`const fs = (await import('node:fs')).default; const readFileSync = fs.readFileSync;
     fs.readFileSync = (file, ...how) => { if (file === '/usr/bin/ldd') throw new Error('none'); return readFileSync(file, ...how); };
     const child = (await import('node:child_process')).default; child.execSync = () => '';`),
  ).toMatch(/^1 [12]\n$/);
});
