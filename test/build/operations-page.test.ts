import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { operationsPage } from '../../build/docs/operations-page.ts';

it('docs/reference/operations.md lists every operation and field as the table of operations has it', async () => {
  const present = readFileSync(
    fileURLToPath(new URL('../../docs/reference/operations.md', import.meta.url)),
    'utf8',
  );
  expect(
    present,
    'docs/reference/operations.md is behind the operations: write it anew with npm run docs',
  ).toBe(await operationsPage(present));
});
