import { execFile } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { lacks } from '../platform.ts';
import { tempFolder } from '../temp-folder.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** Installs nothing, takes its time, and fails beside another one. */
const NPM = `#!/bin/sh
mkdir busy || exit 1
echo npm "$@" >> calls
sleep 1
mkdir -p node_modules
cp package-lock.json node_modules/.package-lock.json
rmdir busy
`;

/** A checkout whose peers are not installed, and a program that installs them. */
function checkout() {
  const folder = tempFolder();
  const [bench, bin] = [join(folder, 'bench'), join(folder, 'bin')];
  for (const each of [bench, bin]) mkdirSync(each);
  for (const file of ['peers.mjs', 'package.json', 'package-lock.json'])
    cpSync(join(ROOT, 'bench', file), join(bench, file));
  cpSync(join(ROOT, 'package.json'), join(folder, 'package.json'));
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(bin, 'npm'), NPM);
  chmodSync(join(bin, 'npm'), 0o755);
  const program = `const { installPeers } = await import(${JSON.stringify(pathToFileURL(join(bench, 'peers.mjs')))});
    console.log(installPeers());`;
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env['PATH']}` };
  const install = async () =>
    (await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], { env })).stdout;
  return { install, calls: () => readFileSync(join(bench, 'calls'), 'utf8').trim().split('\n') };
}

describe.skipIf(lacks('shell'))('the peers of the benchmarks', () => {
  it('are installed once by several benches that start at the same time', async () => {
    const { install, calls } = checkout();
    expect(await Promise.all([install(), install(), install()])).toEqual(['true\n', 'true\n', 'true\n']);
    expect(calls()).toEqual([expect.stringContaining('npm ci ')]);
    expect(await install()).toBe('true\n');
    expect(calls()).toHaveLength(1);
  });
});
