import { appendFileSync, cpSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import manifest from '../../../package.json' with { type: 'json' };
import { BUILD, VERSION } from '../../../src/core/lib/program.ts';
import { tempFolder } from '../../temp-folder.ts';

const { buildId } = (await import(new URL('../../../build/build-id.mjs', import.meta.url).href)) as {
  buildId(root: string): string;
};

it('the id of a build has the version in it; it is that of what it was made from, wherever that lies', () => {
  expect(BUILD).toBe(`${manifest.version}+sources`);
  const root = fileURLToPath(new URL('../../..', import.meta.url));
  expect(buildId(root)).toMatch(/^[0-9a-f]{8}$/);
  const other = tempFolder();
  for (const name of ['src/core', 'build', 'package.json', 'package-lock.json'])
    cpSync(join(root, name), join(other, name), { recursive: true });
  const copy = tempFolder();
  cpSync(other, copy, { recursive: true });
  expect(buildId(`${copy}/`)).toBe(buildId(`${other}/`));
  appendFileSync(join(copy, 'src/core/lib/program.ts'), '\n');
  expect(buildId(`${copy}/`)).not.toBe(buildId(`${other}/`));
});

it('the version is that of package.json', () => {
  expect(VERSION).toBe(manifest.version);
});
