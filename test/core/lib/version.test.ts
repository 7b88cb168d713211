import { appendFileSync, cpSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import manifest from '../../../package.json' with { type: 'json' };
import { BUILD, PACKAGE_NAME, VERSION } from '../../../src/core/lib/program.ts';
import { tempFolder } from '../../temp-folder.ts';

const { buildId } = (await import(new URL('../../../build/bundle/build-id.mjs', import.meta.url).href)) as {
  buildId(root: string): string;
};

it('the id of a build has the version in it; it is that of what it was made from, wherever that lies', () => {
  expect(BUILD).toBe(`${manifest.version}+sources`);
  const root = fileURLToPath(new URL('../../..', import.meta.url));
  expect(buildId(root)).toMatch(/^[0-9a-f]{8}$/);
  const other = tempFolder();
  for (const name of [
    'src/core',
    'build/bundle',
    'build/schemas',
    'build/build.mjs',
    'package.json',
    'package-lock.json',
  ])
    cpSync(join(root, name), join(other, name), { recursive: true });
  const copy = tempFolder();
  cpSync(other, copy, { recursive: true });
  expect(buildId(`${copy}/`)).toBe(buildId(`${other}/`));
  appendFileSync(join(copy, 'src/core/lib/program.ts'), '\n');
  expect(buildId(`${copy}/`)).not.toBe(buildId(`${other}/`));
});

it('the name and the version are those of package.json', () => {
  expect(PACKAGE_NAME).toBe(manifest.name);
  expect(VERSION).toBe(manifest.version);
});
