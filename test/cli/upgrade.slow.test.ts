import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { VERSION } from '../../src/core/lib/program.ts';
import { quickscrape, startProgram, succeed } from '../program.ts';
import { tempFolder } from '../temp-folder.ts';
import { waitFor } from '../wait-for.ts';

/** A registry on this machine that has these versions of the package, and counts what it is asked. */
async function registry(versions: Record<string, string>) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const latest = Object.keys(versions).at(-1);
    const entries = Object.entries(versions).map(([version, node]) => [
      version,
      { name: 'quickscrape-jobs', version, engines: { node }, dist: { tarball: 'http://127.0.0.1/x.tgz' } },
    ]);
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({
        name: 'quickscrape-jobs',
        'dist-tags': { latest },
        versions: Object.fromEntries(entries),
      }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  onTestFinished(() => (server.listening ? close() : undefined));
  const { port } = server.address() as AddressInfo;
  return { asked, close, env: npmEnvironment(`http://127.0.0.1:${port}`) };
}

/** npm's own settings and cache are not those of this user. */
function npmEnvironment(address: string): Record<string, string> {
  const folder = tempFolder();
  return {
    npm_config_registry: address,
    npm_config_cache: join(folder, 'cache'),
    npm_config_userconfig: join(folder, 'npmrc'),
  };
}

it('is asked of the registry of npm by upgrade --check alone', async () => {
  const { env, asked } = await registry({ [VERSION]: '>=20.19', '99.1.0': '>=20.19', '99.2.0': '>=99' });
  const home = join(tempFolder(), 'home');
  const plain = await quickscrape(['upgrade'], { home, env });
  expect(plain).toMatchObject({ code: 0, stderr: '' });
  expect(plain.stdout).toMatch(/^QuickScrape Jobs \S+, a clone: /);
  expect(plain.stdout).toContain('To upgrade:\n  git pull\n  npm ci\n');
  expect(plain.stdout).not.toContain('newest');
  expect(asked).toEqual([]);

  const checked = await quickscrape(['upgrade', '--check'], { home, env });
  expect(checked).toMatchObject({ code: 0, stderr: '' });
  expect(checked.stdout).toContain(
    `\nVersion 99.1.0 is the newest for this Node (${process.versions.node}). Version 99.2.0 needs Node >=99.\n`,
  );
  expect(asked).toEqual(['GET /quickscrape-jobs']);
  const json = JSON.parse((await quickscrape(['upgrade', '--check', '--json'], { home, env })).stdout);
  expect(json).toMatchObject({ version: VERSION, latest: '99.2.0', newest: '99.1.0', needs_node: '>=99' });
});

it('says nothing to do where this is the newest version', async () => {
  const { env } = await registry({ [VERSION]: '>=20.19' });
  const { stdout } = await quickscrape(['upgrade', '--check'], { home: tempFolder(), env });
  expect(stdout).toMatch(/^QuickScrape Jobs .*\nThis is the newest version\.\n$/);
});

it('says the same without a word about the network, offline and without npm', async () => {
  const { env, close } = await registry({});
  await close();
  const home = tempFolder();
  const plain = await quickscrape(['upgrade'], { home });
  expect(await quickscrape(['upgrade', '--check'], { home, env })).toEqual(plain);
  const noNpm = { PATH: tempFolder() };
  expect(await quickscrape(['upgrade', '--check'], { home, env: noNpm })).toEqual(plain);
});

it('names the scheduler that still runs the old version', async () => {
  const home = join(tempFolder(), 'home');
  await succeed(['init'], { home });
  const scheduler = startProgram(['scheduler', 'run'], { home });
  const plan = async () => JSON.parse((await quickscrape(['upgrade', '--json'], { home })).stdout);
  await waitFor('the scheduler', async () => (await plan()).scheduler !== null);
  expect((await plan()).scheduler).toEqual({
    pid: scheduler.pid,
    version: expect.stringMatching(/^\d+\.\d+\.\d+\+/),
  });
  const { stdout } = await quickscrape(['upgrade'], { home });
  expect(stdout).toContain(`A scheduler runs (pid ${scheduler.pid}, version `);
  expect(stdout).toMatch(
    / {2}quickscrape scheduler stop\n {2}git pull\n {2}npm ci\n {2}quickscrape scheduler start --daemon\n$/,
  );
});
