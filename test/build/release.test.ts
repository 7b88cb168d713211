import { expect, it } from 'vitest';

const { checkVersion, missingFields, releasedChangelog } = await import(
  new URL('../../build/release.mjs', import.meta.url).href
);

const WHOLE = {
  name: 'quickscrape-jobs',
  mcpName: 'io.github.ann/quickscrape-jobs',
  version: '1.2.3',
  repository: { type: 'git', url: 'git+https://github.com/ann/quickscrape-jobs.git' },
  bugs: { url: 'https://git.example/issues' },
  homepage: 'https://quickscrape.example/',
  author: 'Ann Example',
  publishConfig: { registry: 'https://registry.example/' },
};

it('finds nothing missing in a manifest that an owner has filled in', () => {
  expect(missingFields(WHOLE)).toEqual([]);
});

it.each(['repository', 'bugs', 'homepage', 'author', 'publishConfig'])(
  'names %s when it is not there',
  (field) => {
    expect(missingFields({ ...WHOLE, [field]: undefined })).toEqual([
      expect.stringMatching(`^${field}: .* in package.json`),
    ]);
  },
);

it('names what is no address, and a name in the MCP Registry that is not the owner’s', () => {
  expect(missingFields({ ...WHOLE, homepage: 'soon' })).toEqual(['homepage: an address in package.json']);
  expect(missingFields({ ...WHOLE, mcpName: 'io.github.bob/x' })).toEqual([
    'mcpName: "io.github.ann/quickscrape-jobs" in package.json',
  ]);
});

it.each([
  ['0.1.0', '0.1.0', false],
  ['0.1.1', '0.1.0', true],
  ['0.2.0', '0.1.9', true],
  ['1.0.0', '0.9.9', true],
])('takes %s after %s', (version, present, isReleased) => {
  expect(() => checkVersion(version, present, isReleased)).not.toThrow();
});

it.each([
  ['0.1.0', '0.1.0', true, 'is not later than 0.1.0'],
  ['0.0.9', '0.1.0', false, 'is not later than 0.1.0'],
  ['v1', '0.1.0', false, 'write three numbers'],
])('refuses %s after %s', (version, present, isReleased, message) => {
  expect(() => checkVersion(version, present, isReleased)).toThrow(message);
});

it('gives the changelog of what is unreleased its version and day', () => {
  const text = '# Changelog\n\n## 0.2.0 (unreleased)\n\n- A\n\n## 0.1.0 - 2026-12-01\n';
  expect(releasedChangelog(text, '0.3.0', '2026-12-24')).toContain('\n## 0.3.0 - 2026-12-24\n\n- A\n');
  expect(() => releasedChangelog('# Changelog\n', '0.3.0', '2026-12-24')).toThrow('no heading');
});
