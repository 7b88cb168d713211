import { createRequire } from 'node:module';
import type Libsql from 'libsql';
import { QuickscrapeError } from '../lib/errors.ts';
import { describeReinstall } from '../lib/installation.ts';
import { describeSystem, type System, sqlitePackage, thisSystem } from '../lib/native-target.ts';

/** SQLite. It is required, not imported: the error of an import that fails could not be explained. */
export const Sqlite: typeof Libsql = load();

function load(): typeof Libsql {
  try {
    return createRequire(import.meta.url)('libsql');
  } catch (error) {
    throw describeMissingSqlite(error, thisSystem());
  }
}

/** Explains why SQLite's native code cannot be loaded: there is none for this system, none was installed, or it is broken. */
export function describeMissingSqlite(error: unknown, system: System): QuickscrapeError {
  const here = describeSystem(system);
  const name = sqlitePackage(system);
  if (name === undefined) {
    const isWindows = system.platform === 'win32';
    return new QuickscrapeError(
      'store_unavailable',
      `there is no QuickScrape Jobs for ${here}: its SQLite, libsql, is not built for it`,
      {
        hint: `It runs on Linux (x64, arm64, arm), macOS, and Windows on x64.${isWindows ? ' Here, install the x64 build of Node, or use WSL.' : ''}`,
        cause: error,
      },
    );
  }
  const { code, message = String(error) } = error as NodeJS.ErrnoException;
  const again = describeReinstall();
  if (code === 'MODULE_NOT_FOUND' && message.includes(name)) {
    return new QuickscrapeError(
      'store_unavailable',
      `the package ${name} is missing: SQLite for this system, ${here}`,
      {
        hint: `npm has left out optional packages, or the folder was copied from another system. ${again}`,
        cause: error,
      },
    );
  }
  const [reason = ''] = message.split('\n');
  return new QuickscrapeError('store_unavailable', `SQLite (libsql) cannot be loaded: ${reason}`, {
    hint: again,
    cause: error,
  });
}
