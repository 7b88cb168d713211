import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  decideInstallation,
  findInstallation,
  type InstallationFacts,
} from '../../../src/core/lib/installation.ts';
import { VERSION } from '../../../src/core/lib/program.ts';

const NODE = '/usr/bin/node';
const ROOT = realpathSync(fileURLToPath(new URL('../../..', import.meta.url)));

function installed(folder: string, facts: Partial<InstallationFacts> = {}) {
  return decideInstallation({
    folder,
    installedFrom: undefined,
    hasGit: false,
    besideNodeModules: new Set(),
    npxPackage: undefined,
    execPath: NODE,
    ...facts,
  });
}

const lines = (commands: readonly string[]) => commands.join(' && ');

describe('how the program was installed', () => {
  it.each([
    [
      '/usr/lib/node_modules/quickscrape-jobs',
      [],
      'npm-global',
      'npm install --global quickscrape-jobs@latest',
    ],
    [
      '/h/.nvm/versions/node/v22.1.0/lib/node_modules/quickscrape-jobs',
      [],
      'npm-global',
      'npm install --global quickscrape-jobs@latest',
    ],
    [
      '/h/.local/share/pnpm/global/5/.pnpm/quickscrape-jobs@0.1.0/node_modules/quickscrape-jobs',
      ['package.json'],
      'npm-global',
      'pnpm add --global quickscrape-jobs@latest',
    ],
    [
      '/h/.config/yarn/global/node_modules/quickscrape-jobs',
      ['package.json', 'yarn.lock'],
      'npm-global',
      'yarn global add quickscrape-jobs@latest',
    ],
    [
      '/h/.bun/install/global/node_modules/quickscrape-jobs',
      ['package.json', 'bun.lock'],
      'npm-global',
      'bun add --global quickscrape-jobs@latest',
    ],
    [
      '/h/shop/node_modules/quickscrape-jobs',
      ['package.json'],
      'npm-local',
      'npm install quickscrape-jobs@latest',
    ],
    [
      '/h/shop/node_modules/.pnpm/quickscrape-jobs@0.1.0/node_modules/quickscrape-jobs',
      ['package.json', 'pnpm-lock.yaml'],
      'npm-local',
      'pnpm add quickscrape-jobs@latest',
    ],
    [
      '/h/shop/node_modules/quickscrape-jobs',
      ['package.json', 'yarn.lock'],
      'npm-local',
      'yarn add quickscrape-jobs@latest',
    ],
    [
      '/h/.npm/_npx/1f0c/node_modules/quickscrape-jobs',
      ['package.json'],
      'npx',
      'npx -y quickscrape-jobs@latest',
    ],
    [
      '/h/.cache/pnpm/dlx/1f/2a/node_modules/.pnpm/x/node_modules/quickscrape-jobs',
      ['package.json'],
      'npx',
      'pnpm dlx quickscrape-jobs@latest',
    ],
    [
      '/tmp/bunx-1000-quickscrape-jobs@latest/node_modules/quickscrape-jobs',
      ['package.json'],
      'npx',
      'bunx quickscrape-jobs@latest',
    ],
    ['/opt/quickscrape-jobs', [], 'folder', ''],
  ])('is told by its folder: %s', (folder, beside, kind, upgrade) => {
    const found = installed(folder, { besideNodeModules: new Set(beside) });
    expect([found.kind, lines(found.upgrade.commands)]).toEqual([kind, upgrade]);
  });

  it.each(['deb', 'homebrew', 'container', 'mcpb'])('is %s where its maker has written that', (word) => {
    const found = installed('/usr/lib/quickscrape-jobs', { installedFrom: word });
    expect(found.kind).toBe(word);
    expect(found.command).toEqual(['quickscrape']);
  });

  it('does not believe another word', () => {
    expect(installed('/usr/lib/quickscrape-jobs', { installedFrom: 'floppy' }).kind).toBe('folder');
  });

  it('is a clone where git has a work tree, which git and npm upgrade', () => {
    const found = installed('/h/quickscrape', { hasGit: true });
    expect(found.kind).toBe('clone');
    expect(found.upgrade).toEqual({ text: 'In /h/quickscrape:', commands: ['git pull', 'npm ci'] });
  });

  it('is known of this very clone', () => {
    const { folder, argv } = findInstallation();
    expect(folder).toBe(ROOT);
    expect(argv).toEqual([process.execPath, join(ROOT, 'dist', 'cli.js')]);
  });
});

describe('the command that starts it again', () => {
  it('is that of npx where it came from npx, since its folder is a cache', () => {
    const { command, argv } = installed('/h/.npm/_npx/1f/node_modules/quickscrape-jobs');
    expect(command).toEqual(['npx', '-y', 'quickscrape-jobs']);
    expect(argv).toEqual(command);
  });

  it('names the version or the file that npx was asked for, unless that is in no lasting place', () => {
    const asked = (npxPackage: string) =>
      installed('/h/.npm/_npx/1f/node_modules/quickscrape-jobs', { npxPackage }).command.at(-1);
    expect(asked('quickscrape-jobs@latest')).toBe('quickscrape-jobs@latest');
    expect(asked('/tmp/quickscrape-jobs-0.1.0.tgz')).toBe('file:/tmp/quickscrape-jobs-0.1.0.tgz');
    expect(asked('./quickscrape-jobs-0.1.0.tgz')).toBe('quickscrape-jobs');
  });

  it('never asks a registry for the name quickscrape, which is another program', () => {
    for (const lock of ['', 'yarn.lock', 'pnpm-lock.yaml', 'bun.lock']) {
      const found = installed('/h/shop/node_modules/quickscrape-jobs', {
        besideNodeModules: new Set(['package.json', lock]),
      });
      expect(found.command.join(' ')).not.toMatch(/^(?:npx|bunx)\b.* quickscrape$/);
    }
  });

  it('is a path that outlives the next version, for Homebrew, its Node, pnpm and Debian', () => {
    const cellar = '/opt/homebrew/Cellar/quickscrape-jobs/0.1.0/libexec/lib/node_modules/quickscrape-jobs';
    expect(installed(cellar, { installedFrom: 'homebrew' }).argv).toEqual(['/opt/homebrew/bin/quickscrape']);
    const execPath = '/opt/homebrew/Cellar/node@22/22.1.0/bin/node';
    expect(installed('/opt/homebrew/lib/node_modules/quickscrape-jobs', { execPath }).argv[0]).toBe(
      '/opt/homebrew/opt/node@22/bin/node',
    );
    const pnpm = '/h/shop/node_modules/.pnpm/quickscrape-jobs@0.1.0/node_modules/quickscrape-jobs';
    expect(installed(pnpm, { besideNodeModules: new Set(['package.json']) }).argv).toEqual([
      NODE,
      '/h/shop/node_modules/quickscrape-jobs/dist/cli.js',
    ]);
    expect(installed('/usr/lib/quickscrape-jobs', { installedFrom: 'deb' }).argv).toEqual([
      '/usr/bin/quickscrape',
    ]);
  });
});

it('a version that lacks a package is installed again with all that npm may leave out', () => {
  const { reinstall } = installed('/usr/lib/node_modules/quickscrape-jobs');
  expect(reinstall.commands).toEqual([`npm install --global --include=optional quickscrape-jobs@${VERSION}`]);
});
