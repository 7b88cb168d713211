import { expect, it } from 'vitest';

const { missingFields } = await import(new URL('../../build/release.mjs', import.meta.url).href);

const WHOLE = {
  version: '1.2.3',
  repository: { type: 'git', url: 'git+https://git.example/quickscrape.git' },
  bugs: { url: 'https://git.example/issues' },
  homepage: 'https://quickscrape.example/',
  author: 'Ann Example',
  publishConfig: { registry: 'https://registry.example/' },
};
const CHANGELOG = '# Changelog\n\n## 1.2.3 - 2026-12-01\n';

it('finds nothing missing in a manifest that an owner has filled in', () => {
  expect(missingFields(WHOLE, CHANGELOG)).toEqual([]);
});

it.each(['repository', 'bugs', 'homepage', 'author', 'publishConfig'])(
  'names %s when it is not there',
  (field) => {
    expect(missingFields({ ...WHOLE, [field]: undefined }, CHANGELOG)).toEqual([
      expect.stringMatching(`^${field}: .* in package.json`),
    ]);
  },
);

it('names what is no address, and a version without a date', () => {
  expect(missingFields({ ...WHOLE, homepage: 'soon' }, '## 1.2.3 (unreleased)\n')).toEqual([
    'homepage: an address in package.json',
    'date: of 1.2.3 in CHANGELOG.md',
  ]);
});
