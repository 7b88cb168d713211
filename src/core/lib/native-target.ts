import { closeSync, openSync, readSync } from 'node:fs';

/** A system for which native code is built. */
export interface System {
  platform: string;
  arch: string;
  /** The C library of Node on Linux; `undefined` elsewhere. */
  libc: 'glibc' | 'musl' | undefined;
}

/** The systems for which libsql, the SQLite of this program, has a package, by the name of that package. */
const SQLITE_TARGETS: readonly string[] = [
  'linux-x64-gnu',
  'linux-x64-musl',
  'linux-arm64-gnu',
  'linux-arm64-musl',
  'linux-arm-gnueabihf',
  'linux-arm-musleabihf',
  'darwin-x64',
  'darwin-arm64',
  'win32-x64-msvc',
];

export function thisSystem(): System {
  const { platform, arch, execPath } = process;
  return { platform, arch, libc: platform === 'linux' ? readLibc(execPath) : undefined };
}

/** The beginning of a program names its loader, which belongs to its C library. A report of Node would take 12 ms. */
function readLibc(program: string): 'glibc' | 'musl' {
  const start = Buffer.alloc(4096);
  try {
    const file = openSync(program, 'r');
    try {
      readSync(file, start, 0, start.length, 0);
    } finally {
      closeSync(file);
    }
  } catch {
    // Without the right to read Node's own file, the usual library is assumed.
  }
  return start.includes('ld-musl-') ? 'musl' : 'glibc';
}

/** The name of libsql's package for a system, such as `@libsql/linux-x64-gnu`; `undefined` when it has none. */
export function sqlitePackage({ platform, arch, libc }: System): string | undefined {
  const abi = { glibc: 'gnu', musl: 'musl' }[libc ?? 'glibc'];
  const target = {
    linux: `linux-${arch}-${abi}${arch === 'arm' ? 'eabihf' : ''}`,
    win32: `win32-${arch}-msvc`,
  }[platform];
  const name = target ?? `${platform}-${arch}`;
  return SQLITE_TARGETS.includes(name) ? `@libsql/${name}` : undefined;
}

/** A system in words: `linux x64 (glibc)`. */
export function describeSystem({ platform, arch, libc }: System): string {
  return `${platform} ${arch}${libc === undefined ? '' : ` (${libc})`}`;
}
