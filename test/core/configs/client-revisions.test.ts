import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ClientRevisions } from '../../../src/core/configs/client-revisions.ts';
import { resolveHome } from '../../../src/core/fs/paths.ts';
import { lacks } from '../../platform.ts';
import { tempFolder } from '../../temp-folder.ts';

function texts() {
  const { configs } = resolveHome({ home: tempFolder() });
  return { configs, file: join(configs, '.saved-by-clients'), texts: new ClientRevisions({ configs }) };
}

it('a text is a client’s when a client saved it, in this process or another, and no other is', async () => {
  const { configs, texts: first } = texts();
  expect(first.has('0123456789ab')).toBe(false);
  await first.add('0123456789ab');
  await first.add('ba9876543210');
  await first.add('0123456789ab');
  const second = new ClientRevisions({ configs });
  expect(['0123456789ab', 'ba9876543210', '0123456789ac'].map((one) => second.has(one))).toEqual([
    true,
    true,
    false,
  ]);
});

it('a text that says the same is a client’s, too, until a person changes a value', async () => {
  const { texts: list } = texts();
  await list.addText('url: https://a.example/\nselectors: {a: h1, b: h2}\n');
  expect(list.hasText('# mine\nselectors:\n  b: "h2"\n  a: h1 # again\nurl: "https://a.example/"\n')).toBe(
    true,
  );
  expect(list.hasText('url: https://a.example/\nselectors: {a: h1, b: h3}\n')).toBe(false);
  expect(list.hasText('url: https://a.example/\nselectors: {a: h1}\n')).toBe(false);
  await list.addText('a: *x');
  expect([list.hasText('a: *x'), list.hasText('a: *x # y')]).toEqual([true, false]);
});

it('what a person wrote into the list stays there', async () => {
  const { configs, file, texts: list } = texts();
  mkdirSync(configs, { recursive: true });
  writeFileSync(file, '# mine\nsomething else');
  await list.add('0123456789ab');
  expect(readFileSync(file, 'utf8')).toBe('# mine\nsomething else\n0123456789ab\n');
});

it('where the list cannot be read each text counts as a client’s, and none is noted', async () => {
  const { file, texts: list } = texts();
  mkdirSync(file, { recursive: true });
  expect(list.has('0123456789ab')).toBe(true);
  await expect(list.add('0123456789ab')).rejects.toMatchObject({ code: 'store_unavailable' });
});

it.skipIf(lacks('links'))('nothing is written through a link', async () => {
  const { configs, file, texts: list } = texts();
  mkdirSync(configs, { recursive: true });
  const elsewhere = join(configs, 'elsewhere');
  symlinkSync(elsewhere, file);
  await expect(list.add('0123456789ab')).rejects.toMatchObject({ code: 'not_allowed' });
});
