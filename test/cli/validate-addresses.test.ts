import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { quickscrape } from '../program.ts';
import { tempFolder } from '../temp-folder.ts';

it('validate says how many addresses there are, and the first ones', async () => {
  const folder = tempFolder();
  const config = join(folder, 'shop.yaml');
  writeFileSync(config, 'urls_from: ids.txt\nselectors: {title: h1}\n');
  const validate = (...more: string[]) =>
    quickscrape(['validate', config, ...more], { home: join(folder, 'home') });
  expect(await validate()).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('ids.txt does not exist'),
  });
  const lines = Array.from({ length: 1204 }, (_, n) => `https://e.com/${n + 1}\n`);
  writeFileSync(join(folder, 'ids.txt'), lines.join(''));
  expect(await validate()).toMatchObject({
    code: 0,
    stdout: `valid ${config}\n1,204 addresses: https://e.com/1, https://e.com/2, https://e.com/3, …\n`,
  });
  expect(JSON.parse((await validate('--json')).stdout)).toMatchObject({
    valid: true,
    issues: [],
    addresses: { count: 1204, first: ['https://e.com/1', 'https://e.com/2', 'https://e.com/3'] },
  });
});
