import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { dashboardPage } from '../../build/docs/dashboard-page.ts';

it('docs/reference/dashboard.md lists every key, state and filter field as the dashboard has it', () => {
  const present = readFileSync(
    fileURLToPath(new URL('../../docs/reference/dashboard.md', import.meta.url)),
    'utf8',
  );
  expect(present, 'docs/reference/dashboard.md is behind the actions: write it anew with npm run docs').toBe(
    dashboardPage(present),
  );
});
