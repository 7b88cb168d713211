import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { PROGRAM } from '../program.ts';
import { tempFolder } from '../temp-folder.ts';

const path = (file: string) => fileURLToPath(new URL(`../../${file}`, import.meta.url));

export const PLUGIN = path('editors/neovim');
export const hasNeovim = spawnSync('nvim', ['--version']).status === 0;

/** Runs Neovim with a user folder of its own; gives what it printed. */
export async function neovim(args: string[], env: Record<string, string> = {}) {
  const folder = tempFolder();
  const folders = ['HOME', 'XDG_STATE_HOME', 'XDG_DATA_HOME', 'XDG_CACHE_HOME', 'XDG_CONFIG_HOME', 'TMPDIR'];
  const child = spawn('nvim', ['--clean', '-n', '-i', 'NONE', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...Object.fromEntries(folders.map((name) => [name, folder])), ...env },
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (data) => {
    stdout += data;
  });
  child.stderr.on('data', (data) => {
    stderr += data;
  });
  const [code] = await once(child, 'close');
  return { code, stderr, lines: stdout.trimEnd().split('\n') };
}

/** Runs a session of test/fixtures/neovim against a home. */
export async function session(name: string, home: string, env: Record<string, string> = {}) {
  const script = path(join('test/fixtures/neovim', `${name}.lua`));
  return neovim(['-l', script, PLUGIN, process.execPath, PROGRAM, '--home', home], env);
}
