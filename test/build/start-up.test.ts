import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Plugin, rolldown } from 'rolldown';
import { expect, it } from 'vitest';
import * as yaml from 'yaml';
import { tempFolder } from '../temp-folder.ts';

const { startUpPlugins, writeLatePackages } = (await import(
  new URL('../../build/start-up.mjs', import.meta.url).href
)) as { startUpPlugins: Plugin[]; writeLatePackages: (folder: string) => Promise<void> };

/** A module of the bundle that gives back what it has of the packages. */
const ENTRY = `export { default as cronstrue } from 'cronstrue';
export * as yaml from 'yaml';`;

it('packages that are read late are themselves once they are used, and not read before', async () => {
  const folder = tempFolder();
  const entry = {
    name: 'entry',
    resolveId: (id: string) => (id === 'entry' ? id : null),
    load: (id: string) => (id === 'entry' ? ENTRY : null),
  };
  const bundle = await rolldown({ input: 'entry', platform: 'node', plugins: [entry, ...startUpPlugins] });
  const file = join(folder, 'bundle.mjs');
  await bundle.write({ file, format: 'esm' });
  await bundle.close();
  await writeLatePackages(folder);

  const late = (await import(pathToFileURL(file).href)) as {
    cronstrue: { toString(pattern: string): string };
    yaml: Pick<typeof yaml, 'parse' | 'parseDocument' | 'isMap' | 'LineCounter' | 'Scalar' | 'Document'>;
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
  expect(late.cronstrue.toString('0 9 * * 1-5')).toBe('At 09:00 AM, Monday through Friday');
});
