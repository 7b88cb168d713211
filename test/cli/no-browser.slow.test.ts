import { execFile, spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { installCommand } from '../../src/core/process/find-browser.ts';
import { PROGRAM, succeed } from '../program.ts';
import { tempFolder } from '../temp-folder.ts';

/** The places of a Chromium outside of PATH, each hidden by an empty folder. */
const PLACES = ['/usr/lib/chromium', '/opt/google/chrome', '/snap/bin'].filter((folder) =>
  existsSync(folder),
);
const HIDE = PLACES.map((folder) => `mount --bind "$0" ${folder}`)
  .concat('PATH="$0" exec "$@"')
  .join(' && ');

const canMount = spawnSync('unshare', ['--mount', 'true']).status === 0;

it.runIf(canMount)(
  'a machine without a Chromium is told how to get one, by a scrape, doctor and --version',
  async () => {
    const site = createServer((_, response) => response.end('<ul><li><a>one</a></li></ul>'));
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void site.close());
    const { port } = site.address() as AddressInfo;
    const home = join(tempFolder(), 'home');
    await succeed(['init'], { home });
    writeFileSync(
      join(home, 'configs', 'shop.yaml'),
      `name: shop\nurl: http://127.0.0.1:${port}/\nbackend: browser\nitem: li\nselectors: { title: a }\n`,
    );
    await succeed(['job', 'create', '--config', 'shop', '--schedule', 'daily', '--at', '09:00'], {
      home,
    });
    const empty = tempFolder();
    const run = (...args: string[]) =>
      new Promise<{ stdout: string; stderr: string }>((resolve) => {
        const words = ['/bin/sh', '-c', HIDE, empty, process.execPath, PROGRAM, ...args, '--home', home];
        const env = { PATH: process.env['PATH'], HOME: empty, NO_COLOR: '1' };
        execFile('unshare', ['--mount', '--', ...words], { env }, (_, stdout, stderr) =>
          resolve({ stdout, stderr }),
        );
      });

    const scrape = await run('scrape', 'shop');
    expect(scrape.stderr).toContain('error: the pages need a browser: no Chromium was found\n');
    expect(scrape.stderr).toContain(
      `hint: Install one: ${installCommand()}. Or name one: quickscrape config set browser_path FILE.\n`,
    );

    const { findings } = JSON.parse((await run('doctor', '--json')).stdout);
    expect(findings).toContainEqual(
      expect.objectContaining({
        check: 'browser',
        status: 'warning',
        message: 'no Chromium was found; shop wants one',
        fix: expect.stringContaining(installCommand()),
      }),
    );
    expect(JSON.parse((await run('--version', '--json')).stdout).features.browser).toBeNull();
  },
);
