import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { it } from '../extend.ts';
import { lacks } from '../platform.ts';
import { debianRoot, makeDebian, olderPackage } from './debian-root.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const { buildArtefacts } = await import(new URL('../../build/artefacts.mjs', import.meta.url).href);

// One package for all: nothing here changes it.
const folder = mkdtempSync(join(tmpdir(), 'quickscrape-test-deb-'));
let deb: string;
/** Each night the package is tried in a Debian of its own. */
let debian: string | undefined;

beforeAll(async () => {
  if (lacks('linux')) return;
  // Lintian accepts no placeholder for the maintainer, whom only an owner can name.
  process.env['DEBFULLNAME'] = 'Ann Packager';
  process.env['DEBEMAIL'] = 'ann@packager.test';
  if (process.env['QS_DEBIAN_CHROOT']) debian = makeDebian(join(folder, 'debian'));
  [deb] = await buildArtefacts(['deb'], { out: folder, isBuilt: true });
});

afterAll(() => {
  delete process.env['DEBFULLNAME'];
  delete process.env['DEBEMAIL'];
  rmSync(folder, { recursive: true, force: true });
});

describe.skipIf(lacks('linux'))('the Debian package', () => {
  it('is installed by dpkg, works, and names its version', () => {
    const system = debianRoot(debian);
    system.dpkg('-i', deb);
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect(system.run('quickscrape', '--version').stdout).toMatch(new RegExp(`^${version}\\+`));
    const { status, stdout, stderr } = system.run('quickscrape', 'demo', '--once', '--json');
    expect({ status, stderr }).toMatchObject({ status: 0 });
    expect(JSON.parse(stdout)).toMatchObject({ run: { status: 'succeeded' } });
    expect(system.run('quickscrape', 'init').status).toBe(0);
    expect(system.run('quickscrape', 'list').stdout).toContain('example');
  });

  it('has a manual and completions in the places where they are looked for', () => {
    const system = debianRoot(debian);
    system.dpkg('-i', deb);
    const { stdout } = system.run('man', 'quickscrape-job-create');
    expect(stdout).toContain('create a scheduled job for a configuration');
    const load =
      'source /usr/share/bash-completion/bash_completion; _comp_load quickscrape; complete -p quickscrape';
    expect(system.run('bash', '--norc', '-c', load).stdout).toBe(
      'complete -F __quickscrape_complete quickscrape\n',
    );
    for (const file of ['zsh/vendor-completions/_quickscrape', 'fish/vendor_completions.d/quickscrape.fish'])
      expect(existsSync(join(system.folder, 'usr/share', file)), file).toBe(true);
  });

  it('has a unit that starts the installed program', () => {
    const system = debianRoot(debian);
    system.dpkg('-i', deb);
    const unit = readFileSync(join(system.folder, 'usr/lib/systemd/user/quickscrape.service'), 'utf8');
    expect(unit).toContain('\nExecStart=/usr/bin/quickscrape scheduler run\n');
    expect(unit.match(/\/home\/|\/root\/|\.js/)).toBeNull();
  });

  it('replaces an older version, and leaves the homes of users alone when it is removed', () => {
    const system = debianRoot(debian);
    system.dpkg('-i', olderPackage(deb, '0.0.1-1'));
    system.run('quickscrape', 'init');
    const program = join(system.folder, 'usr/lib/quickscrape-jobs');
    expect(existsSync(join(program, 'dist/chunk-of-an-older-version.js'))).toBe(true);
    system.dpkg('-i', deb);
    expect(existsSync(join(program, 'dist/chunk-of-an-older-version.js'))).toBe(false);
    expect(system.run('quickscrape', 'list').stdout).toContain('example');
    system.dpkg('-r', 'quickscrape-jobs');
    system.dpkg('-P', 'quickscrape-jobs');
    expect(existsSync(program)).toBe(false);
    expect(readdirSync(join(system.folder, 'home/ann/.quickscrape'))).toContain('configs');
  });

  it('has nothing that lintian calls an error', () => {
    const { stdout } = spawnSync('lintian', ['--profile', 'debian', deb], { encoding: 'utf8' });
    // A first package is to close the wish for it in Debian's own list, which there is not.
    expect(stdout.split('\n').filter((line) => /^[EW]:/.test(line))).toEqual([
      expect.stringContaining('initial-upload-closes-no-bugs'),
    ]);
  });

  it('depends on the Node that the program needs, and holds one native library', ({ folder }) => {
    const { stdout } = spawnSync('dpkg-deb', ['-f', deb, 'Depends'], { encoding: 'utf8' });
    const { engines } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect(stdout).toContain(`nodejs (>= ${engines.node.replace('>=', '')})`);
    spawnSync('dpkg-deb', ['-x', deb, folder]);
    const libraries = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
      path.endsWith('.node'),
    );
    expect(libraries).toHaveLength(1);
  });

  it('is the same file, byte by byte, when it is built again', async ({ folder: out }) => {
    const [second] = (await buildArtefacts(['deb'], { out, isBuilt: true })) as [string];
    expect(readFileSync(second).equals(readFileSync(deb))).toBe(true);
  });
});
