import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { lacks } from '../platform.ts';
import { tempFolder } from '../temp-folder.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** What an owner fills in. */
const OWNED = {
  author: 'Ann Example',
  homepage: 'https://quickscrape.example/',
  bugs: 'https://quickscrape.example/bugs',
  repository: 'git+https://github.com/ann/quickscrape-jobs.git',
  mcpName: 'io.github.ann/quickscrape-jobs',
  publishConfig: { registry: 'https://registry.example/' },
};

/** A repository of its own with the files of this checkout, committed, and what is installed here. */
function checkout(owned: object): { folder: string; git: (...args: string[]) => string } {
  const folder = tempFolder();
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
  });
  execFileSync('tar', ['--create', '--file=copy.tar', `--directory=${ROOT}`, '--null', '--files-from=-'], {
    cwd: folder,
    input: files,
  });
  execFileSync('tar', ['--extract', '--file=copy.tar'], { cwd: folder });
  execFileSync('rm', ['copy.tar'], { cwd: folder });
  for (const path of ['node_modules', 'build/tools/node_modules'])
    symlinkSync(join(ROOT, path), join(folder, path));
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify({ ...manifest, ...owned }, null, 2)}\n`);
  // As folders they are ignored, as links they are not.
  writeFileSync(join(folder, '.gitignore'), 'node_modules\ndist\ndist.*\nartefacts\n');
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.com', ...args], {
      cwd: folder,
      encoding: 'utf8',
    }).trim();
  git('init', '--quiet');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'All');
  return { folder, git };
}

function release(folder: string, ...args: string[]) {
  return spawnSync('npm', ['run', '-s', 'release', '--', ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: {
      ...process.env,
      GIT_AUTHOR_NAME: 'Ann',
      GIT_AUTHOR_EMAIL: 'ann@example.com',
      GIT_COMMITTER_NAME: 'Ann',
      GIT_COMMITTER_EMAIL: 'ann@example.com',
    },
  });
}

describe.skipIf(lacks('linux'))('npm run release', () => {
  it('makes all that is published, with checksums, a commit and a tag', () => {
    const { folder, git } = checkout(OWNED);
    const { status, stderr } = release(folder, '9.8.7');
    expect({ status, stderr }).toEqual({ status: 0, stderr: expect.not.stringContaining('not released') });
    expect(git('tag')).toBe('v9.8.7');
    expect(git('log', '-1', '--format=%s')).toBe('Release 9.8.7');
    expect(git('status', '--porcelain')).toBe('');
    const out = join(folder, 'artefacts');
    expect(readdirSync(out)).toEqual(
      expect.arrayContaining([
        'SHA256SUMS',
        'THIRD-PARTY-NOTICES.md',
        'quickscrape-jobs-9.8.7.cdx.json',
        'quickscrape-jobs-9.8.7.tgz',
        'quickscrape-jobs-9.8.7.vsix',
        'quickscrape-jobs.rb',
        'server.json',
      ]),
    );
    execFileSync('sha256sum', ['--check', '--quiet', 'SHA256SUMS'], { cwd: out });
    const unpacked = tempFolder();
    execFileSync('tar', ['xzf', join(out, 'quickscrape-jobs-9.8.7.tgz'), '-C', unpacked]);
    symlinkSync(join(ROOT, 'node_modules'), join(unpacked, 'package/node_modules'));
    const version = execFileSync(process.execPath, ['package/dist/cli.js', '--version'], { cwd: unpacked });
    expect(version.toString()).toMatch(/^9\.8\.7\+[0-9a-f]{8}\n$/);
  });

  it('changes nothing where an owner has to fill something in, or the checkout has changes', () => {
    const { folder, git } = checkout({});
    expect(release(folder, '9.8.7').stderr).toMatch(/^not released: .*npm run release -- --check\n$/);
    expect(release(folder, '--check').stdout).toContain('missing  repository');
    const owned = checkout(OWNED);
    writeFileSync(join(owned.folder, 'new.txt'), '');
    expect(release(owned.folder, '9.8.7').stderr).toMatch(/^not released: the checkout has changes/);
    expect([git('tag'), owned.git('tag'), git('status', '--porcelain')]).toEqual(['', '', '']);
  });
});
