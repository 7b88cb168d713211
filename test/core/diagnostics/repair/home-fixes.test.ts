import { chmodSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checkPermissions } from '../../../../src/core/diagnostics/doctor/checks/check-home.ts';
import { listEntries } from '../../../../src/core/diagnostics/doctor/collect-files.ts';
import { applyHomeFixes, findHomeFixes } from '../../../../src/core/diagnostics/repair/home-fixes.ts';
import { type HomePaths, makeHome, resolveHome } from '../../../../src/core/fs/paths.ts';
import { lacks } from '../../../platform.ts';
import { tempFolder } from '../../../temp-folder.ts';

function permissionReport(paths: HomePaths): string[] {
  const { entries, unreadable } = listEntries(paths.home, paths.output);
  return checkPermissions({
    home: paths.home,
    uid: process.getuid?.(),
    entries,
    unreadable,
    secrets: 'secrets.env',
  }).map(({ status }) => status);
}

// Each case: the modes of the home, of a configuration and of the secrets, and whether something has to be closed.
it.skipIf(lacks('modes')).each([
  [0o700, 0o600, 0o600, false],
  [0o700, 0o644, 0o600, false],
  [0o700, 0o664, 0o600, true],
  [0o700, 0o600, 0o644, true],
  [0o755, 0o644, 0o644, true],
  [0o750, 0o600, 0o600, true],
  [0o777, 0o666, 0o600, true],
  [0o711, 0o644, 0o600, true],
])(
  'doctor --fix closes what doctor reports, and nothing else: home %o, file %o, secrets %o',
  (home, file, secrets, isOpen) => {
    const paths = resolveHome({ home: join(tempFolder(), 'home') });
    makeHome(paths);
    const config = join(paths.configs, 'a.yaml');
    writeFileSync(config, 'url: https://shop.example/\n');
    writeFileSync(paths.secrets, '');
    chmodSync(config, file);
    chmodSync(paths.secrets, secrets);
    chmodSync(paths.home, home);
    expect(permissionReport(paths).every((status) => status === 'ok')).toBe(!isOpen);
    expect(findHomeFixes(paths).map(({ what }) => what)).toEqual(isOpen ? ['permissions'] : []);
    applyHomeFixes(paths);
    expect(permissionReport(paths)).toEqual(['ok']);
    expect(findHomeFixes(paths)).toEqual([]);
    if (!isOpen) expect(statSync(config).mode & 0o777).toBe(file);
  },
);

it.skipIf(lacks('modes'))('judges the folder that a home leads to if it is a link', () => {
  const folder = tempFolder();
  const real = join(folder, 'real');
  makeHome(resolveHome({ home: real }));
  symlinkSync(real, join(folder, 'link'));
  const paths = resolveHome({ home: join(folder, 'link') });
  expect(permissionReport(paths)).toEqual(['ok']);
  expect(findHomeFixes(paths)).toEqual([]);
  chmodSync(real, 0o755);
  chmodSync(join(real, 'jobs'), 0o777);
  expect(permissionReport(paths)).toContain('problem');
  applyHomeFixes(paths);
  expect(permissionReport(paths)).toEqual(['ok']);
  expect(findHomeFixes(paths)).toEqual([]);
});
