import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { describeMissingSqlite } from '../../../src/core/database/native-sqlite.ts';
import { sqlitePackage, thisSystem } from '../../../src/core/lib/native-target.ts';

const LINUX = { platform: 'linux', arch: 'x64', libc: 'glibc' } as const;

function notFound(name: string): Error {
  return Object.assign(new Error(`Cannot find module '${name}'\nRequire stack:`), {
    code: 'MODULE_NOT_FOUND',
  });
}

describe('the package with the native code of SQLite', () => {
  it.each([
    [LINUX, '@libsql/linux-x64-gnu'],
    [{ ...LINUX, libc: 'musl' }, '@libsql/linux-x64-musl'],
    [{ ...LINUX, arch: 'arm64' }, '@libsql/linux-arm64-gnu'],
    [{ ...LINUX, arch: 'arm' }, '@libsql/linux-arm-gnueabihf'],
    [{ ...LINUX, arch: 'arm', libc: 'musl' }, '@libsql/linux-arm-musleabihf'],
    [{ platform: 'darwin', arch: 'arm64', libc: undefined }, '@libsql/darwin-arm64'],
    [{ platform: 'win32', arch: 'x64', libc: undefined }, '@libsql/win32-x64-msvc'],
    [{ platform: 'win32', arch: 'arm64', libc: undefined }, undefined],
    [{ ...LINUX, arch: 'riscv64' }, undefined],
    [{ platform: 'freebsd', arch: 'x64', libc: undefined }, undefined],
  ] as const)('of %o is %s', (system, name) => {
    expect(sqlitePackage(system)).toBe(name);
  });

  it('is known for every system for which libsql has one, and for no other', () => {
    const { optionalDependencies } = JSON.parse(readFileSync('node_modules/libsql/package.json', 'utf8'));
    const systems = ['linux', 'darwin', 'win32', 'freebsd'].flatMap((platform) =>
      ['x64', 'arm64', 'arm', 'ia32'].flatMap((arch) =>
        (['glibc', 'musl'] as const).map((libc) => ({
          platform,
          arch,
          libc: platform === 'linux' ? libc : undefined,
        })),
      ),
    );
    const names = new Set(systems.flatMap((system) => sqlitePackage(system) ?? []));
    expect([...names].sort()).toEqual(Object.keys(optionalDependencies).sort());
  });

  it('of this system is the one that is installed', () => {
    const name = sqlitePackage(thisSystem()) ?? '';
    expect(JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8')).name).toBe(name);
  });
});

describe('an installation without it', () => {
  it('says that the system is not supported, what is, and what helps on Windows', () => {
    const arm = { platform: 'win32', arch: 'arm64', libc: undefined };
    const error = describeMissingSqlite(notFound('@libsql/win32-arm64-msvc'), arm);
    expect(error.message).toBe(
      'there is no QuickScrape Jobs for win32 arm64: its SQLite, libsql, is not built for it',
    );
    expect(error.hint).toMatch(/^It runs on Linux .* install the x64 build of Node, or use WSL\.$/);
    expect(describeMissingSqlite(new Error('x'), { ...LINUX, arch: 'riscv64' }).hint).not.toContain('WSL');
  });

  it('says which package npm has left out, and how to install it', () => {
    const error = describeMissingSqlite(notFound('@libsql/linux-x64-gnu'), LINUX);
    expect(error).toMatchObject({
      code: 'store_unavailable',
      message: 'the package @libsql/linux-x64-gnu is missing: SQLite for this system, linux x64 (glibc)',
      hint: expect.stringMatching(/optional packages.* Install it again\. In .*: npm ci --include=optional$/),
    });
  });

  it('says in one line why it does not load otherwise', () => {
    const error = describeMissingSqlite(new Error("version `GLIBC_2.99' not found\nmore"), LINUX);
    expect(error.message).toBe("SQLite (libsql) cannot be loaded: version `GLIBC_2.99' not found");
  });
});
