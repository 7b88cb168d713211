import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lacks } from './platform.ts';
import { ALIAS, bashOf, commands, environmentOf, readme, root, run } from './readme-commands.ts';
import { tempFolder } from './temp-folder.ts';

describe('the README', () => {
  it('has commands of four kinds only: the demo, the alias, the tests and ours', () => {
    const others = commands.filter((line) => !line.startsWith('quickscrape '));
    // .ci/run runs `npm ci` and the tests; the demo is run below.
    expect([...new Set(others)]).toEqual(['npm ci && npm run demo', ALIAS, 'npm ci && npm test']);
  });

  it.skipIf(lacks('shell', 'links'))(
    'has an alias that works in a folder with blanks in its path',
    async () => {
      const folder = join(tempFolder(), 'my clone');
      symlinkSync(root, folder);
      const env = { ...environmentOf({}), PWD: folder };
      const { code, out } = await run('bash', bashOf('echo "$PWD"\nquickscrape --version'), env, folder);
      expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/my clone\n\d+\.\d+\.\d+/) });
    },
  );

  it('is read in five minutes', () => {
    expect(readme.split(/\s+/).filter((word) => word !== '').length).toBeLessThanOrEqual(900);
  });
});
