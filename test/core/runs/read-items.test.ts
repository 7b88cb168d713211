import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readItems } from '../../../src/core/runs/run-files.ts';
import { tempFolder } from '../../temp-folder.ts';

it('reads no more of the items than it may: the one that it cuts is left out', async () => {
  const file = join(tempFolder(), 'items.jsonl');
  const lines = ['a', 'b', 'c'].map((name) => JSON.stringify({ name, text: 'é'.repeat(1_000) }));
  writeFileSync(file, `${lines.join('\n')}\n`);
  const names = async (mostBytes?: number) => (await readItems(file, 10, mostBytes)).map(({ name }) => name);
  expect(await names()).toEqual(['a', 'b', 'c']);
  expect(await names(5_001)).toEqual(['a', 'b']);
  expect(await names(100)).toEqual([]);
});
