import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll } from 'vitest';
import { tempFolder } from '../temp-folder.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const NODES = join(ROOT, 'test/nodes/node_modules');

/** The Nodes of this machine by their major version: the one that runs the tests, and those of test/nodes. */
export function nodes(): [version: string, node: string][] {
  const own: [string, string] = [process.versions.node.split('.')[0] ?? '', process.execPath];
  const others = existsSync(NODES) ? readdirSync(NODES).filter((name) => /^node-\d+$/.test(name)) : [];
  return [
    own,
    ...others.map((name): [string, string] => [name.slice('node-'.length), join(NODES, name, 'bin/node')]),
  ];
}

/** An environment in which `node` and `npm` are those of a Node, and npm has a registry and an empty cache of its own. */
export function environmentOf(node: string, registry: string): NodeJS.ProcessEnv {
  const folder = tempFolder();
  return {
    ...process.env,
    HOME: folder,
    PATH: `${dirname(node)}${delimiter}${process.env['PATH']}`,
    npm_config_registry: registry,
    npm_config_cache: join(folder, 'cache'),
    npm_config_update_notifier: 'false',
    npm_config_audit: 'false',
    npm_config_fund: 'false',
  };
}

let built: string | undefined;

/** The tarball, built by its one command: once for a test file. */
export function tarball(): string {
  built ??= build();
  return built;
}

function build(): string {
  const out = mkdtempSync(join(tmpdir(), 'quickscrape-test-tarball-'));
  afterAll(() => rmSync(out, { recursive: true, force: true }));
  return execFileSync('npm', ['run', '-s', 'artefacts', '--', 'tarball', '--built', '--out', out], {
    cwd: ROOT,
    encoding: 'utf8',
  }).trim();
}

/** Runs a program to its end, as the registry answers meanwhile. @returns what it printed */
export async function runToEnd(
  program: string,
  args: readonly string[],
  options: { cwd: string; env: NodeJS.ProcessEnv },
): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)(program, [...args], options);
  return stdout + stderr;
}
