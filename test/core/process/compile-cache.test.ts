import { chmodSync, chownSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import module from 'node:module';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, vi } from 'vitest';
import { compileCacheFolder } from '../../../src/core/process/compile-cache.ts';
import { it } from '../../extend.ts';
import { quickscrape } from '../../program.ts';
import { tempFolder } from '../../temp-folder.ts';

const me = process.geteuid?.();
const NAME = me === undefined ? 'quickscrape-compiled' : `quickscrape-compiled-${me}`;
const version = (TMPDIR: string, env = {}) =>
  quickscrape(['--version'], {
    home: join(tempFolder(), 'home'),
    env: { TMPDIR, ...env },
  });

describe.skipIf(me === undefined)('keeps compiled code only where no other user can write', () => {
  it('in a folder that is closed to others, the same at each start', () => {
    const temporary = tempFolder();
    const folder = compileCacheFolder(temporary);
    expect(folder).toBe(join(temporary, NAME));
    expect(statSync(folder as string).mode & 0o777).toBe(0o700);
    expect(compileCacheFolder(temporary)).toBe(folder);
  });

  it('uses a shared temporary folder only when it is sticky', ({ folder: temporary }) => {
    for (const mode of [0o777, 0o775]) {
      chmodSync(temporary, mode);
      expect(compileCacheFolder(temporary)).toBeUndefined();
    }
    expect(readdirSync(temporary)).toEqual([]);
    chmodSync(temporary, 0o1777);
    expect(compileCacheFolder(temporary)).toBe(join(temporary, NAME));
  });

  it.for([0o770, 0o707, 0o755])(
    'not in one that others can enter: mode %o',
    (mode, { folder: temporary }) => {
      mkdirSync(join(temporary, NAME));
      chmodSync(join(temporary, NAME), mode);
      expect(compileCacheFolder(temporary)).toBeUndefined();
    },
  );

  it('not behind a link, and not where a file is', () => {
    const [linked, occupied] = [tempFolder(), tempFolder()];
    symlinkSync(tempFolder(), join(linked, NAME));
    expect(compileCacheFolder(linked)).toBeUndefined();
    writeFileSync(join(occupied, NAME), '');
    expect(compileCacheFolder(occupied)).toBeUndefined();
  });

  it.skipIf(me !== 0)('not in what another user has made, nor in a temporary folder of another', () => {
    const [made, another] = [tempFolder(), tempFolder()];
    mkdirSync(join(made, NAME), { mode: 0o700 });
    chownSync(join(made, NAME), 65_534, 65_534);
    expect(compileCacheFolder(made)).toBeUndefined();
    chownSync(another, 65_534, 65_534);
    expect(compileCacheFolder(another)).toBeUndefined();
  });

  it('nowhere when there is no temporary folder, and none is made', () => {
    const missing = join(tempFolder(), 'missing');
    expect(compileCacheFolder(missing)).toBeUndefined();
    expect(readdirSync(join(missing, '..'))).toEqual([]);
    // Asked to make what lies below a folder that refuses it with ENOENT, Node goes on asking for ever.
    if (process.platform === 'linux') expect(compileCacheFolder('/proc')).toBeUndefined();
  });
});

// Node 20 keeps none.
describe.skipIf(!('enableCompileCache' in module))('a command', () => {
  const OK = { code: 0, stderr: '' };
  beforeEach(() => {
    for (const name of ['NODE_COMPILE_CACHE', 'NODE_DISABLE_COMPILE_CACHE']) vi.stubEnv(name, undefined);
  });
  afterEach(() => vi.unstubAllEnvs());

  it('keeps compiled code in that folder alone, and none when it is asked not to', async ({
    folder: temporary,
  }) => {
    expect(await version(temporary, { NODE_DISABLE_COMPILE_CACHE: '1' })).toMatchObject(OK);
    expect(readdirSync(temporary)).toEqual([]);
    expect(await version(temporary)).toMatchObject(OK);
    expect(readdirSync(temporary)).toEqual([NAME]);
    const [kept = ''] = readdirSync(join(temporary, NAME));
    expect(readdirSync(join(temporary, NAME, kept)).length).toBeGreaterThan(0);
  });

  it.skipIf(me === undefined)('starts, and says nothing of it, where none can be kept or read', async () => {
    const [occupied, damaged] = [tempFolder(), tempFolder()];
    writeFileSync(join(occupied, NAME), '');
    expect(await version(occupied)).toMatchObject(OK);
    if (process.platform === 'linux') expect(await version('/proc')).toMatchObject(OK);
    await version(damaged);
    const [kept = ''] = readdirSync(join(damaged, NAME));
    const folder = join(damaged, NAME, kept);
    for (const name of readdirSync(folder)) writeFileSync(join(folder, name), 'no code');
    expect(await version(damaged)).toMatchObject(OK);
    chmodSync(folder, 0o500);
    expect(await version(damaged)).toMatchObject(OK);
  });
});
