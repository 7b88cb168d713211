import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, platform, release } from 'node:os';
import { findInstallation } from '../../core/lib/installation.ts';
import { sqlitePackage, thisSystem } from '../../core/lib/native-target.ts';
import { BUILD, programFile, VERSION } from '../../core/lib/program.ts';
import { findBrowser } from '../../core/process/find-browser.ts';

/**
 * What a bug report and a script have to know: `quickscrape --version --json`. It loads nothing and opens no home, so
 * the browser is the one without the setting `browser_path`.
 */
export function describeProgram() {
  const { kind, folder, command } = findInstallation();
  const system = thisSystem();
  const browser = findBrowser();
  return {
    version: VERSION,
    build: BUILD,
    installed: kind,
    folder,
    command: command.join(' '),
    node: process.versions.node,
    node_path: process.execPath,
    platform: platform(),
    arch: arch(),
    libc: system.libc ?? null,
    os_release: release(),
    features: {
      sqlite: findSqlite(sqlitePackage(system)),
      browser: 'path' in browser ? browser.path : null,
      redis: existsSync(programFile('workers')),
    },
  };
}

/** The package with the native code of SQLite and its version; `null` when it is missing. */
function findSqlite(name: string | undefined): string | null {
  if (name === undefined) return null;
  try {
    // It belongs to libsql, and need not be visible from here.
    const libsql = createRequire(createRequire(import.meta.url).resolve('libsql'));
    const { version } = libsql(`${name}/package.json`) as { version: string };
    return `${name} ${version}`;
  } catch {
    return null;
  }
}
