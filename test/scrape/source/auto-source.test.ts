import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const DIST = new URL('../../../dist/', import.meta.url);

it('the module for a browser is loaded with the source, not when a page of a long run first needs it', () => {
  const modules = readdirSync(DIST).filter((name) => name.startsWith('chunk-auto-source-'));
  expect(modules.length).toBeGreaterThan(0);
  for (const name of modules) expect(readFileSync(new URL(name, DIST), 'utf8')).not.toMatch(/\bimport\(/);
});
