import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { lacks } from '../platform.ts';
import { quickscrape } from '../program.ts';
import { tempFolder } from '../temp-folder.ts';
import { shopHome } from './shop-home.ts';

it.skipIf(lacks('shell'))(
  'refuses pipes, devices, folders and endless files at once and names them as such',
  async () => {
    const { home, program } = shopHome();
    const pipe = join(home, 'pipe');
    execFileSync('sh', ['-c', 'mkfifo "$@"', 'sh', pipe, join(home, 'configs', 'pipe.yaml')]);
    const large = join(home, 'large.yaml');
    writeFileSync(large, '#'.repeat(2 * 1_048_576 + 1));
    for (const [args, message] of [
      [['validate', pipe], /is a pipe, not a regular file/],
      [['scrape', '/dev/zero'], /is a device, not a regular file/],
      [['import', pipe], /is a pipe, not a regular file/],
      [['import', '/dev/zero'], /is a device, not a regular file/],
      [['show', 'pipe'], /is a pipe, not a regular file/],
      [['validate', `${home}/`], /is a folder, not a regular file/],
      [['validate', large], /is larger than 2 MB\nhint: .*sitemap/],
    ] as const) {
      const said = await program(...args);
      expect({ args, ...said }).toMatchObject({ args, code: 2, stderr: expect.stringMatching(message) });
    }
  },
);

it.skipIf(lacks('linux'))('says why a home cannot be', async () => {
  const file = join(tempFolder(), 'file');
  writeFileSync(file, '');
  for (const [home, message] of [
    [file, `the home ${file} is a file, not a folder`],
    [join(file, 'below'), `the home ${file}/below lies below a file`],
    ['/proc/nope', 'the home /proc/nope cannot be made'],
  ] as const) {
    const said = await quickscrape(['init'], { home });
    expect(said).toMatchObject({ code: 1, stderr: expect.stringContaining(message) });
    expect(said.stderr).toContain('--home DIR or QUICKSCRAPE_HOME');
  }
  expect((await quickscrape(['job', 'list', '--home', ''], { home: file })).code).toBe(2);
});
