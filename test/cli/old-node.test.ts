import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'rolldown/utils';
import { expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { PROGRAM } from '../program.ts';
import { tempFolder } from '../temp-folder.ts';

/** Starts the program with a Node, or with this one under another version. */
function start(node: string, args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(node, [...args, PROGRAM, 'job', 'list'], {
    encoding: 'utf8',
    env: { ...process.env, QUICKSCRAPE_HOME: tempFolder() },
  });
  return { status, stdout, stderr };
}

function startAs(version: string) {
  const preload = join(tempFolder(), 'version.cjs');
  writeFileSync(
    preload,
    `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } });
     Object.defineProperty(process, 'version', { value: 'v${version}' });`,
  );
  return start(process.execPath, ['--require', preload]);
}

function sentence(version: string, node: string): string {
  return `QuickScrape Jobs needs Node 20.19 or newer; this is v${version} (${node}). Install a newer one from https://nodejs.org, or with a version manager: nvm install 24.\n`;
}

it.each(['12.22.12', '18.20.4', '20.10.0', '20.18.3'])(
  'Node %s is refused with one sentence, which says where it is',
  (version) => {
    expect(startAs(version)).toEqual({ status: 1, stdout: '', stderr: sentence(version, process.execPath) });
  },
);

it.each(['20.19.0', '21.0.0', '22.1.0'])('Node %s is not', (version) => {
  expect(startAs(version).stderr).not.toContain('needs Node');
});

it('the oldest Node is the one of package.json', () => {
  expect(manifest.engines.node).toBe('>=20.19');
});

it('the file that checks it can be read by an old Node: it imports nothing first, and its syntax is of 2018', () => {
  const text = readFileSync(PROGRAM, 'utf8');
  expect(text).not.toMatch(/^\s*import\b(?!\()/m);
  const lowered = (target: string) => transformSync('cli.js', text, { target }).code;
  expect(lowered('es2018')).toBe(lowered('esnext'));
});

/** Versions of real Nodes, which npm has as packages: `npm run test:nightly`. */
const REAL = (process.env['QS_OLD_NODES'] ?? '').split(' ').filter((version) => version !== '');

it.each(REAL)(
  'a real Node %s says it, and no syntax error',
  (version) => {
    const folder = tempFolder();
    const name = `node-${process.platform}-${process.arch}`;
    writeFileSync(join(folder, 'package.json'), '{}');
    execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', `${name}@${version}`], {
      cwd: folder,
    });
    const node = join(folder, 'node_modules', name, 'bin', 'node');
    expect(start(node, [])).toEqual({ status: 1, stdout: '', stderr: sentence(version, node) });
  },
  300_000,
);
