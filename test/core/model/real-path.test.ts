import { lchownSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { realPath, refuseForeignLinks } from '../../../src/core/fs/symlinks.ts';
import { it } from '../../extend.ts';
import { lacks } from '../../platform.ts';
import { tempFolder } from '../../temp-folder.ts';

it.skipIf(lacks('links'))('the place that a path leads to is known also where it is not there yet', () => {
  const folder = realPath(tempFolder());
  mkdirSync(join(folder, 'real'));
  symlinkSync(join(folder, 'real'), join(folder, 'link'));
  symlinkSync(join(folder, 'nowhere'), join(folder, 'dangling'));
  expect(realPath(join(folder, 'link', 'a', 'b.csv'))).toBe(join(folder, 'real', 'a', 'b.csv'));
  expect(realPath(join(folder, 'dangling', 'b.csv'))).toBe(join(folder, 'dangling', 'b.csv'));
});

it('what cannot be reached is left to the disk to refuse: a name that is too long, a file on the way', ({
  folder,
}) => {
  writeFileSync(join(folder, 'file'), '');
  refuseForeignLinks(join(folder, 'x'.repeat(300), 'y.csv'));
  refuseForeignLinks(join(folder, 'file', 'y.csv'));
});

// Only the administrator can give a link to somebody else.
describe.runIf(process.geteuid?.() === 0)('a symbolic link of another user', () => {
  const me = 4711;
  const refused = expect.objectContaining({ code: 'invalid_params', field: 'output_path' });

  function linkOf(uid: number, name = 'link'): string {
    const folder = tempFolder();
    mkdirSync(join(folder, 'mine'));
    writeFileSync(join(folder, 'mine', 'keys'), '');
    const link = join(folder, name);
    symlinkSync(join(folder, 'mine'), link);
    lchownSync(link, uid, uid);
    return link;
  }

  it.skipIf(lacks('links'))(
    'is not written over: at the end of a path, on the way, or behind a link of ours',
    () => {
      const link = linkOf(4712);
      expect(() => refuseForeignLinks(link, me)).toThrow(refused);
      expect(() => refuseForeignLinks(join(link, 'keys'), me)).toThrow(refused);
      expect(() => refuseForeignLinks(join(link, 'new', 'x.csv'), me)).toThrow(refused);
      const ours = linkOf(me);
      symlinkSync(join(link, 'keys'), join(ours, 'x.csv'));
      lchownSync(join(ours, 'x.csv'), me, me);
      expect(() => refuseForeignLinks(join(ours, 'x.csv'), me)).toThrow(refused);
      expect(() => refuseForeignLinks(link, 0)).toThrow(refused);
    },
  );

  it('differs from our own link and from the administrator’s', () => {
    refuseForeignLinks(join(linkOf(me), 'keys'), me);
    refuseForeignLinks(join(linkOf(0), 'keys'), me);
    refuseForeignLinks(join(linkOf(4712), 'keys'), 4712);
  });

  it.skipIf(lacks('links'))('that leads in a circle is left to the disk', ({ folder }) => {
    symlinkSync(join(folder, 'b'), join(folder, 'a'));
    symlinkSync(join(folder, 'a'), join(folder, 'b'));
    refuseForeignLinks(join(folder, 'a'), 0);
  });
});
