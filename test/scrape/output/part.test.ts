import { readFileSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { beforeEach, expect, it, vi } from 'vitest';
import { lacks } from '../../platform.ts';
import { withExport } from './with-export.ts';

/** What happens once a part has been copied, as another user of a shared folder could do it. */
let meanwhile = (_part: string) => {};

vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  return {
    ...real,
    async copyFile(from: string, to: string, mode: number) {
      await real.copyFile(from, to, mode);
      meanwhile(to);
    },
  };
});

const { path, stage, write, read, files } = withExport();
beforeEach(() => {
  meanwhile = () => {};
});

it.skipIf(lacks('links'))(
  'a link that takes the place of a part which is added to is not written through',
  async () => {
    writeFileSync(path('precious'), 'precious, and longer than what is kept of the output');
    writeFileSync(path('out.jsonl'), '{"a":0}\n');
    stage([{ a: 1 }]);
    meanwhile = (part) => {
      unlinkSync(part);
      symlinkSync(path('precious'), part);
    };
    await expect(write('out.jsonl', { append: true })).rejects.toMatchObject({ kind: 'output' });
    expect(readFileSync(path('precious'), 'utf8')).toBe(
      'precious, and longer than what is kept of the output',
    );
    expect([read('out.jsonl'), files()]).toEqual(['{"a":0}\n', ['items.jsonl', 'out.jsonl', 'precious']]);
    meanwhile = () => {};
    await write('out.jsonl', { append: true });
    expect(read('out.jsonl')).toBe('{"a":0}\n{"a":1}\n');
  },
);
