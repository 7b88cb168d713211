import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished } from 'vitest';
import { VERSION } from '../../../src/core/lib/program.ts';
import { it } from '../../extend.ts';
import { quickscrape } from '../../program.ts';
import { tempFolder } from '../../temp-folder.ts';

const has = (program: string) => spawnSync(program, ['--version']).status === 0;

/** Runs the program as a user whose home is this folder. */
async function asUser(folder: string, args: string[], env: Record<string, string> = {}) {
  const xdg = {
    XDG_DATA_HOME: join(folder, '.local/share'),
    XDG_CONFIG_HOME: join(folder, '.config'),
    NVIM_APPNAME: '',
  };
  return quickscrape(args, { home: join(folder, 'home'), env: { ...xdg, HOME: folder, ...env } });
}

/** A program that does what a shell script says. */
function script(folder: string, name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/sh\n${text}\n`);
  chmodSync(file, 0o755);
  return file;
}

describe.skipIf(!has('nvim'))('the plugin for Neovim', () => {
  const packages = '.local/share/nvim/site/pack/quickscrape';

  it('is installed as a native package, updated in place, and removed', async ({ folder }) => {
    const first = await asUser(folder, ['editor', 'install', 'neovim']);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    const path = join(folder, packages, 'start/quickscrape');
    expect(first.stdout).toContain(`Installed: the plugin for Neovim, ${VERSION}, in ${path}\n`);
    expect(first.stdout).toContain(`add to its spec: { dir = "${path}" }`);
    expect(existsSync(join(path, 'doc/tags'))).toBe(true);
    const seen = spawnSync(
      'nvim',
      [
        '--headless',
        '-i',
        'NONE',
        '-c',
        'help quickscrape',
        '-c',
        'echo exists(":Quickscrape")',
        '-c',
        'qall!',
      ],
      {
        env: { ...process.env, HOME: folder, XDG_DATA_HOME: join(folder, '.local/share'), NVIM_APPNAME: '' },
      },
    );
    expect(String(seen.stderr).trim()).toMatch(/2$/);

    writeFileSync(join(path, 'lua/quickscrape/left-over.lua'), '');
    writeFileSync(join(path, '.installed-by-quickscrape'), '0.0.1\n');
    const again = await asUser(folder, ['editor', 'install', 'neovim', '--json']);
    expect(JSON.parse(again.stdout)).toMatchObject({
      editor: 'neovim',
      version: VERSION,
      previous: '0.0.1',
      path,
    });
    expect(existsSync(join(path, 'lua/quickscrape/left-over.lua'))).toBe(false);
    expect(readdirSync(join(folder, packages))).toEqual(['start']);

    const list = JSON.parse((await asUser(folder, ['editor', 'list', '--json'])).stdout);
    expect(list.editors).toContainEqual(
      expect.objectContaining({ editor: 'neovim', installed: VERSION, path }),
    );

    const removed = await asUser(folder, ['editor', 'uninstall', 'neovim', '--json']);
    expect(JSON.parse(removed.stdout)).toMatchObject({ removed: VERSION, path });
    expect(existsSync(path)).toBe(false);
    const nothing = await asUser(folder, ['editor', 'uninstall', 'neovim']);
    expect(nothing).toMatchObject({ code: 0, stdout: 'The plugin for Neovim is not installed.\n' });
  });

  it('goes where XDG_DATA_HOME and NVIM_APPNAME say', async ({ folder }) => {
    const env = { XDG_DATA_HOME: join(folder, 'data'), NVIM_APPNAME: 'work' };
    expect(await asUser(folder, ['editor', 'install', 'neovim'], env)).toMatchObject({ code: 0 });
    const path = join(folder, 'data/work/site/pack/quickscrape/start/quickscrape');
    expect(readFileSync(join(path, 'lua/quickscrape/version.lua'), 'utf8')).toContain(VERSION);
    expect(await asUser(folder, ['editor', 'install', 'neovim'], { XDG_DATA_HOME: '' })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('unset it'),
    });
  });

  it('leaves alone what it has not installed', async ({ folder }) => {
    const path = join(folder, packages, 'start/quickscrape');
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, 'mine'), 'mine');
    const refused = await asUser(folder, ['editor', 'install', 'neovim']);
    expect(refused).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining(
        `${path} is not a folder that this program made, so nothing is changed`,
      ),
    });
    expect((await asUser(folder, ['editor', 'uninstall', 'neovim'])).stdout).toContain('is not installed');
    expect(readdirSync(path)).toEqual(['mine']);

    rmSync(path, { recursive: true });
    symlinkSync(tempFolder(), path);
    expect(await asUser(folder, ['editor', 'install', 'neovim'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('is a symbolic link, so nothing is changed'),
    });
  });

  it('is refused where nothing can be written, and nothing is left behind', async ({ folder }) => {
    mkdirSync(join(folder, '.local/share/nvim/site'), { recursive: true });
    // Where a folder has to be, root cannot write either.
    writeFileSync(join(folder, '.local/share/nvim/site/pack'), '');
    const refused = await asUser(folder, ['editor', 'install', 'neovim']);
    expect(refused).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/cannot be written: E/),
    });
    expect(refused.stderr).not.toContain(' at ');
  });
});

it('an editor that is missing, another program, or too old is one sentence', async ({ folder }) => {
  const nothing = await asUser(folder, ['editor', 'install', 'emacs'], { PATH: folder });
  expect(nothing).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Emacs was not found: emacs is not on the PATH'),
  });
  const other = script(folder, 'other', 'echo hello');
  expect(await asUser(folder, ['editor', 'install', 'neovim', '--command', other])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('prints no version, so it is not Neovim'),
  });
  const old = script(folder, 'old', 'echo NVIM v0.9.5');
  expect(await asUser(folder, ['editor', 'install', 'neovim', '--command', old])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Neovim 0.9.5 is too old: the plugin needs 0.10 or newer'),
  });
  const broken = script(
    folder,
    'broken',
    'case "$1" in --version) echo NVIM v0.12.0;; *) echo no screen >&2; exit 7;; esac',
  );
  expect(await asUser(folder, ['editor', 'install', 'neovim', '--command', broken])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('--headless failed: no screen'),
  });
  expect(await asUser(folder, ['editor', 'install', 'vim'])).toMatchObject({ code: 2 });
  const list = await asUser(folder, ['editor', 'list'], { PATH: folder });
  expect(list).toMatchObject({ code: 0, stdout: expect.stringMatching(/neovim +- +- +not on the PATH/) });
});

describe.skipIf(!has('emacs'))('the package for Emacs', () => {
  it('is installed by package.el, found again, and removed', async ({ folder }) => {
    const first = await asUser(folder, ['editor', 'install', 'emacs', '--json']);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    const path = join(folder, `.emacs.d/elpa/quickscrape-${VERSION}`);
    expect(JSON.parse(first.stdout)).toMatchObject({ version: VERSION, previous: null, path });
    const seen = spawnSync(
      'emacs',
      ['--batch', '-l', 'package', '--eval', "(progn (package-initialize) (princ (commandp 'quickscrape)))"],
      {
        env: { ...process.env, HOME: folder },
      },
    );
    expect(String(seen.stdout)).toBe('t');
    cpSync(path, join(folder, '.emacs.d/elpa/quickscrape-0.0.1'), { recursive: true });
    const again = await asUser(folder, ['editor', 'install', 'emacs']);
    expect(again.stdout).toContain(`Installed again: the plugin for Emacs, ${VERSION}, in ${path}\n`);
    const removed = await asUser(folder, ['editor', 'uninstall', 'emacs']);
    expect(removed.stdout).toBe(`Removed the plugin for Emacs, ${VERSION}, from ${path}.\n`);
    expect(existsSync(path)).toBe(false);
  });

  it('leaves a package of that name alone that somebody else has installed', async ({ folder }) => {
    const path = join(folder, '.emacs.d/elpa/quickscrape-9.0');
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, 'quickscrape-pkg.el'), '(define-package "quickscrape" "9.0" "Mine" nil)\n');
    writeFileSync(join(path, 'quickscrape-autoloads.el'), '');
    expect(await asUser(folder, ['editor', 'install', 'emacs'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('quickscrape-9.0 is a package that this program did not install'),
    });
    expect((await asUser(folder, ['editor', 'uninstall', 'emacs'])).stdout).toContain('is not installed');
    expect(existsSync(path)).toBe(true);
  });
});

describe('the extension for VS Code', () => {
  /** Stands for VS Code, which is not to be had here: it keeps its extensions in a file. */
  function fakeCode(folder: string): string {
    const state = join(folder, 'extensions');
    writeFileSync(state, 'someone.other@2.0.0\n');
    return script(
      folder,
      'code',
      `case "$1" in
  --version) echo 1.96.2;;
  --list-extensions) cat ${state};;
  --install-extension) test -f "$2" && test "$3" = --force && echo "quickscrape.quickscrape-jobs@${VERSION}" >> ${state};;
  --uninstall-extension) grep -v "^$2@" ${state} > ${state}.new; mv ${state}.new ${state};;
esac`,
    );
  }

  it('is installed by the editor itself, found and removed', async ({ folder }) => {
    const program = fakeCode(folder);
    const build = copyOfBuild();
    const run = (args: string[]) => spawnProgram(build, folder, args);
    const missing = run(['editor', 'install', 'vscode', '--command', program]);
    expect(missing).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('npm run artefacts -- vsix'),
    });
    mkdirSync(join(build, 'artefacts'));
    writeFileSync(join(build, 'artefacts', `quickscrape-jobs-${VERSION}.vsix`), '');
    const installed = run(['editor', 'install', 'vscode', '--command', program, '--json']);
    expect(JSON.parse(installed.stdout)).toMatchObject({
      program,
      version: VERSION,
      previous: null,
      path: null,
    });
    const list = run(['editor', 'list', '--json']);
    expect(JSON.parse(list.stdout).editors[0]).toMatchObject({
      program,
      version: '1.96.2',
      installed: VERSION,
    });
    const removed = run(['editor', 'uninstall', 'vscode', '--command', program, '--json']);
    expect(JSON.parse(removed.stdout)).toMatchObject({ removed: VERSION });
    expect(readFileSync(join(folder, 'extensions'), 'utf8')).toBe('someone.other@2.0.0\n');
  });

  /** The build in a folder of its own, without an extension. */
  function copyOfBuild(): string {
    const folder = tempFolder();
    cpSync('dist', join(folder, 'dist'), { recursive: true });
    rmSync(join(folder, 'dist/editors/quickscrape.vsix'), { force: true });
    for (const name of ['package.json', 'node_modules'])
      symlinkSync(join(process.cwd(), name), join(folder, name));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    return folder;
  }

  function spawnProgram(build: string, folder: string, args: string[]) {
    return spawnSync(process.execPath, [join(build, 'dist/cli.js'), ...args], {
      encoding: 'utf8',
      env: { ...process.env, HOME: folder, PATH: `${folder}:${process.env['PATH']}` },
    });
  }
});
