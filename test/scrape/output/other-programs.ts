import { execFileSync } from 'node:child_process';

/** Programs that we did not write read what we wrote; `.ci/run` installs them (python3, python3-openpyxl, sqlite3). */
function works(command: string, ...args: string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

// Debian's packages belong to Debian's Python, which need not be the first on the path.
const PYTHONS = ['/usr/bin/python3', 'python3'];

/** A Python; `undefined` where there is none. */
export const python = PYTHONS.find((command) => works(command, '-c', 'import csv, gzip, sqlite3'));

/** A Python that has openpyxl; `undefined` where there is none. */
export const pythonWithOpenpyxl = PYTHONS.find((command) => works(command, '-c', 'import openpyxl'));

/** Whether SQLite's own shell is there. */
export const hasSqlite = works('sqlite3', '--version');

/** Runs a Python program, which gets `args` and prints JSON. */
export function ask(command: string, program: string, ...args: string[]): unknown {
  const output = execFileSync(command, ['-X', 'utf8', '-c', program, ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  return JSON.parse(output);
}

/** What SQLite's own shell answers, as JSON. */
export function askSqlite(file: string, sql: string): unknown[] {
  const output = execFileSync('sqlite3', ['-json', file, sql], { encoding: 'utf8' });
  return output.trim() === '' ? [] : (JSON.parse(output) as unknown[]);
}
