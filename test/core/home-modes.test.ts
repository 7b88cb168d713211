import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PROGRAM } from '../program.ts';
import { tempFolder } from '../temp-folder.ts';

describe('a new home', () => {
  it.each(['0', '022', '0777'])('has folders of mode 0700 and files of mode 0600 under umask %s', (umask) => {
    const home = join(tempFolder(), 'deep', 'home');
    execFileSync('sh', [
      '-c',
      `umask ${umask} && exec "$0" "$1" init --home "$2"`,
      process.execPath,
      PROGRAM,
      home,
    ]);
    const modes = readdirSync(home, { recursive: true, withFileTypes: true }).map((entry) => {
      const { mode } = statSync(join(entry.parentPath, entry.name));
      return `${entry.isDirectory() ? 'folder' : 'file'} ${(mode & 0o777).toString(8)}`;
    });
    expect(new Set(modes)).toEqual(new Set(['folder 700', 'file 600']));
    expect(statSync(home).mode & 0o777).toBe(0o700);
  });
});
