import { describe, expect, it } from 'vitest';
import { chooseReleases, compareVersions } from '../../../src/cli/commands/newest-version.ts';
import { planUpgrade } from '../../../src/cli/commands/upgrade.ts';
import { decideInstallation } from '../../../src/core/lib/installation.ts';
import { VERSION } from '../../../src/core/lib/program.ts';

function release(version: string, node = '>=20.19', more: object = {}) {
  return { version, engines: { node }, 'dist-tags': { latest: '0.3.0' }, ...more };
}

describe('the newest version', () => {
  it('is the newest one that this Node runs; what a newer one needs is known, too', () => {
    const answer = [release('0.1.0'), release('0.2.0'), release('0.3.0', '>=24')];
    expect(chooseReleases(answer, '22.1.0')).toEqual({ latest: '0.3.0', needs: '>=24', fitting: '0.2.0' });
    expect(chooseReleases(answer, '24.0.0')).toEqual({
      latest: '0.3.0',
      needs: undefined,
      fitting: '0.3.0',
    });
  });

  it('is found in the one object that npm prints for one version', () => {
    expect(chooseReleases(release('0.3.0'), '22.1.0')?.fitting).toBe('0.3.0');
  });

  it('is none that is deprecated, or above the tag that everyone gets', () => {
    const answer = [
      release('0.2.0'),
      release('0.3.0', '>=20.19', { deprecated: 'broken' }),
      release('1.0.0'),
    ];
    expect(chooseReleases(answer, '22.1.0')?.fitting).toBe('0.2.0');
  });

  it.each([[undefined], [{ error: { code: 'E404' } }], [[]], ['?'], [null]])(
    'is unknown after the answer %o',
    (answer) => {
      expect(chooseReleases(answer, '22.1.0')).toBeUndefined();
    },
  );

  it('is compared by numbers', () => {
    expect(compareVersions('0.10.0', '0.9.9')).toBeGreaterThan(0);
    expect(compareVersions('20.19', '20.19.0')).toBe(0);
    expect(compareVersions('20.18.3', '20.19')).toBeLessThan(0);
  });
});

describe('what to type for an upgrade', () => {
  const installed = (folder: string) =>
    decideInstallation({
      folder,
      installedFrom: undefined,
      hasGit: false,
      besideNodeModules: new Set(),
      npxPackage: undefined,
      execPath: '/usr/bin/node',
    });
  const npm = installed('/nowhere/lib/node_modules/quickscrape-jobs');

  it('is the command of the program that installed it', () => {
    expect(planUpgrade(npm, undefined)).toMatchObject({
      version: VERSION,
      installed: 'npm-global',
      latest: null,
      newest: null,
      commands: ['npm install --global quickscrape-jobs@latest'],
    });
  });

  it('names the version that this Node can run, where a newer one needs another', () => {
    const plan = planUpgrade(npm, { latest: '9.0.0', needs: '>=99', fitting: '8.0.0' });
    expect(plan.commands).toEqual(['npm install --global quickscrape-jobs@8.0.0']);
    expect(plan).toMatchObject({ latest: '9.0.0', newest: '8.0.0', needs_node: '>=99' });
  });

  it('begins with another Node, where this one runs nothing newer', () => {
    const plan = planUpgrade(npm, { latest: '9.0.0', needs: '>=99', fitting: VERSION });
    expect(plan.note).toContain('Install Node >=99 first.');
    expect(plan.commands).toEqual(['npm install --global quickscrape-jobs@latest']);
  });

  it('says what to do where npm’s folder belongs to somebody else', () => {
    expect(planUpgrade(npm, undefined).note).toBe(
      'You may not write into /nowhere/lib/node_modules: put sudo before the command, or let npm install into a folder of yours (npm config set prefix ~/.local).',
    );
  });

  it('is a sentence for a copy, which no command upgrades', () => {
    expect(planUpgrade(installed('/opt/quickscrape'), undefined)).toMatchObject({
      commands: [],
      note: 'Replace the folder /opt/quickscrape with the new version.',
    });
  });
});
