import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { configurationPage } from '../../build/docs/configuration-page.ts';

it('docs/reference/configuration.md lists every key of a configuration as the schema has it', () => {
  const present = readFileSync(
    fileURLToPath(new URL('../../docs/reference/configuration.md', import.meta.url)),
    'utf8',
  );
  expect(
    present,
    'docs/reference/configuration.md is behind the schema: write it anew with npm run docs (and node build/build.mjs for the schema itself)',
  ).toBe(configurationPage(present));
});
