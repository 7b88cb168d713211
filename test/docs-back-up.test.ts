import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, it } from 'vitest';
import { resolveHome } from '../src/core/fs/paths.ts';

/** What a home makes again by itself, or does without. */
const NOT_COPIED = ['locks', 'trash', 'schedulerLog', 'auditLog'];

it('the page about backups names each file and folder of a home that a new machine needs', () => {
  const page = readFileSync(new URL('../docs/how-to/back-up-and-move.md', import.meta.url), 'utf8');
  const table = page.split('\n').filter((line) => line.startsWith('|'));
  const { home: _, ...paths } = resolveHome({ home: '/home' });
  const wanted = Object.entries(paths).filter(([name]) => !NOT_COPIED.includes(name));
  expect(wanted.map(([, path]) => basename(path)).filter((name) => !table.join().includes(name))).toEqual([]);
});
