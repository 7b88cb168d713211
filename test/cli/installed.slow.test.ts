import { cpSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Libsql from 'libsql';
import { describe, expect, it } from 'vitest';
import { PROGRAM, quickscrape, succeed } from '../program.ts';
import { tempFolder } from '../temp-folder.ts';

/** The built program as it lies after an installation: at this path of a folder, with its one package. */
function installAt(path: string, installedFrom?: string) {
  const folder = realpathSync(tempFolder());
  const program = join(folder, path);
  cpSync(dirname(PROGRAM), join(program, 'dist'), { recursive: true });
  cpSync('package.json', join(program, 'package.json'));
  mkdirSync(join(program, 'node_modules'));
  for (const name of ['libsql', '@libsql', 'detect-libc', '@neon-rs', 'playwright-core'])
    symlinkSync(realpathSync(join('node_modules', name)), join(program, 'node_modules', name));
  if (installedFrom !== undefined)
    writeFileSync(join(program, 'dist', 'installed-from'), `${installedFrom}\n`);
  return { folder, program: join(program, 'dist', 'cli.js') };
}

/** A home whose database a newer version has written. */
async function newerHome(): Promise<string> {
  const home = join(tempFolder(), 'home');
  await succeed(['init'], { home });
  await succeed(['job', 'list'], { home });
  const db = new Libsql(join(home, 'quickscrape.db'));
  db.exec('PRAGMA user_version = 99');
  db.close();
  return home;
}

const NPX = '.npm/_npx/1f0c/node_modules/quickscrape-jobs';

describe('messages name what works in this installation', () => {
  it.each([
    ['npx', NPX, undefined, 'npx -y quickscrape-jobs', 'npx -y quickscrape-jobs@latest'],
    [
      'npm-global',
      'lib/node_modules/quickscrape-jobs',
      undefined,
      'quickscrape',
      'npm install --global quickscrape-jobs@latest',
    ],
    ['deb', 'lib/quickscrape-jobs', 'deb', 'quickscrape', 'sudo apt install ./quickscrape-jobs_*.deb'],
  ])('%s', async (kind, path, word, command, upgrade) => {
    const { folder, program } = installAt(path, word);
    const home = join(tempFolder(), 'home');
    await succeed(['init'], { home, program });
    const unknown = await quickscrape(['job', 'show', 'nope'], { home, program });
    expect(unknown.stderr).toContain(`List the ids with: ${command} job list\n`);
    const missing = await quickscrape(['job', 'list', '--home', '/nowhere/home'], { home, program });
    expect(missing.stderr).toContain(`To make a home there: ${command} init --home /nowhere/home\n`);

    const version = JSON.parse((await quickscrape(['--version', '--json'], { home, program })).stdout);
    expect(version).toMatchObject({ installed: kind, folder: join(folder, path), command });
    expect(version.features.sqlite).toMatch(/^@libsql\//);

    const newer = await quickscrape(['job', 'list'], { home: await newerHome(), program });
    expect(newer.stderr).toMatch(
      /^error: \S+quickscrape\.db was written by a newer version of QuickScrape Jobs /,
    );
    expect(newer.stderr).toContain(upgrade);
    const plan = JSON.parse((await quickscrape(['upgrade', '--json'], { home, program })).stdout);
    expect(plan).toMatchObject({ installed: kind, commands: [upgrade] });
  });
});

it('a home of a newer version is refused with one sentence by every interface, which says how to upgrade', async () => {
  const home = await newerHome();
  const sentence =
    /\S+quickscrape\.db was written by a newer version of QuickScrape Jobs \(schema 99, this version knows \d+\)/;
  const advice = /Nothing in the file was changed\. Upgrade this version\. In \S+: git pull && npm ci/;
  for (const args of [
    ['job', 'list'],
    ['scheduler', 'run'],
    ['scheduler', 'start', '--daemon'],
    ['rpc'],
    ['export', '-'],
  ]) {
    const { code, stderr } = await quickscrape(args, { home });
    expect({ args, code, stderr }).toEqual({ args, code: 1, stderr: expect.stringMatching(sentence) });
    expect(stderr).toMatch(advice);
    expect(stderr.trimEnd().split('\n')).toHaveLength(2);
  }
  const initialize = {
    protocolVersion: '2025-06-18',
    capabilities: {},
    clientInfo: { name: 'test', version: '1' },
  };
  const messages = [
    { jsonrpc: '2.0', id: 1, method: 'initialize', params: initialize },
    { jsonrpc: '2.0', method: 'notifications/initialized' },
    { jsonrpc: '2.0', id: 2, method: 'tools/call', params: { name: 'list_jobs', arguments: {} } },
  ];
  const mcp = await quickscrape(['mcp'], {
    home,
    input: messages.map((message) => `${JSON.stringify(message)}\n`).join(''),
  });
  expect(mcp.stdout).toMatch(sentence);
  expect(mcp.stdout).toMatch(advice);
  const { findings } = JSON.parse((await quickscrape(['doctor', '--json'], { home })).stdout);
  expect(findings).toContainEqual(
    expect.objectContaining({
      check: 'database',
      status: 'problem',
      fix: expect.stringContaining('git pull && npm ci'),
    }),
  );
});
