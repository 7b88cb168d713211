import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ConfigStore } from '../../../src/core/configs/config-store.ts';
import { lacks } from '../../platform.ts';
import { TempStore } from '../fs/temp-store.ts';

let temp: TempStore;
let configs: ConfigStore;
beforeEach(() => {
  temp = new TempStore();
  configs = new ConfigStore(temp.paths);
});
afterEach(() => temp[Symbol.dispose]());

it.skipIf(lacks('modes'))(
  'writes texts as they are, mode 0600, and reads them with a revision that follows the text',
  async () => {
    const yaml = '# Preise\nurl: http://localhost/\n';
    await configs.write('books', yaml);
    const read = configs.read('books');
    expect(read).toMatchObject({ name: 'books', yaml, revision: expect.stringMatching(/^[0-9a-f]{12}$/) });
    expect(statSync(read.file).mode & 0o777).toBe(0o600);
    await configs.write('books', `${yaml}# more\n`);
    expect(configs.read('books').revision).not.toBe(read.revision);
  },
);

it('lists configurations by name and skips other files', async () => {
  for (const name of ['b', 'a']) await configs.write(name, 'url: x\n');
  for (const name of ['README.md', 'Bad Name.yaml', '.a.yaml.1.0123456789ab.tmp']) {
    writeFileSync(join(temp.paths.configs, name), '');
  }
  expect(configs.list().map(({ name }) => name)).toEqual(['a', 'b']);
  expect(configs.list()[0]?.updatedAt).toBeGreaterThan(Date.now() - 60_000);
  expect([configs.has('a'), configs.has('c'), configs.has('../a')]).toEqual([true, false, false]);
});

it('says which name may have been meant, and lets none lead out of the folder', async () => {
  await configs.write('books', '');
  expect(() => configs.read('boks')).toThrow(
    expect.objectContaining({ code: 'config_not_found', hint: 'Did you mean books?', field: 'config_name' }),
  );
  expect(configs.closest('book')).toEqual(['books']);
  expect(() => configs.read('../settings')).toThrow(expect.objectContaining({ code: 'invalid_params' }));
  await expect(configs.write('../x', '')).rejects.toMatchObject({ code: 'invalid_params' });
});

it('refuses a file that is not UTF-8 instead of altering it', () => {
  writeFileSync(join(temp.paths.configs, 'latin.yaml'), Buffer.from('# ok\nname: caf\xe9\n', 'latin1'));
  expect(() => configs.read('latin')).toThrow(
    expect.objectContaining({
      code: 'invalid_config',
      message: expect.stringContaining('latin.yaml:2:10: the byte 0xE9 is not UTF-8'),
    }),
  );
});

it('knows the parameters of a configuration, and which cannot be read', async () => {
  const texts = {
    none: 'url: x\n',
    one: 'params: {city: {default: berlin}}\nurl: x\n',
    cut: 'params: [\nurl: x\n',
    wrong: 'params: {city: {type: town}}\nurl: x\n',
  };
  for (const [name, yaml] of Object.entries(texts)) await configs.write(name, yaml);
  expect(configs.paramsOf('none')).toEqual({});
  expect(configs.paramsOf('one')).toEqual({ city: { type: 'text', default: 'berlin' } });
  for (const name of ['cut', 'wrong', 'missing']) expect(configs.paramsOf(name)).toBeUndefined();
});
