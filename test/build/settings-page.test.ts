import { expect, it } from 'vitest';
import { settingsPage } from '../../build/docs/settings-page.ts';
import { pageText } from '../docs-pages.ts';

it('docs/reference/settings.md lists every setting as the settings have it', () => {
  const present = pageText('docs/reference/settings.md');
  expect(present, 'the page is behind the settings: write it anew with npm run docs').toBe(
    settingsPage(present),
  );
});
