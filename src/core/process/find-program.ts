import { accessSync, constants, statSync } from 'node:fs';
import { posix, win32 } from 'node:path';

/** Where a program is searched. */
export interface ProgramLookup {
  /** The folder of relative names that contain a separator. */
  folder: string;
  /** The folders of the PATH; default: this process's PATH. */
  path?: string | undefined;
  platform?: string;
  /** Windows: the endings that a program's name may omit; default: this process's PATHEXT. */
  endings?: string | undefined;
}

/** What a search for files needs of the disk; tests give another one. */
type FileProblem = (file: string) => string | undefined;

const DEFAULT_ENDINGS = '.COM;.EXE;.BAT;.CMD';

/**
 * Returns why a program does not start under this name, for a warning; `undefined` when it is found. A name without a
 * separator is searched in the PATH. On Windows, a name may omit its ending (`PATHEXT`), and the working folder comes
 * before the PATH.
 */
export function findProgramProblem(
  program: string,
  { folder, path = searchPath(), platform = process.platform, endings }: ProgramLookup,
  problemOf: FileProblem = findFileProblem,
): string | undefined {
  const isWindows = platform === 'win32';
  const { delimiter, isAbsolute, join, resolve } = isWindows ? win32 : posix;
  const spellings = isWindows ? windowsSpellings(program, endings ?? process.env['PATHEXT']) : [program];
  const isFound = (at: string) => spellings.some((name) => problemOf(join(at, name)) === undefined);
  if (program.includes('/') || (isWindows && program.includes('\\'))) {
    const [first = program, ...others] = spellings.map((name) =>
      isAbsolute(name) ? name : resolve(folder, name),
    );
    return others.some((file) => problemOf(file) === undefined) ? undefined : problemOf(first);
  }
  const folders = path.split(delimiter).filter((each) => each !== '');
  if ((isWindows && isFound(folder)) || folders.some(isFound)) return undefined;
  return `the command ${program} is not on the PATH of this process; install it, or give its full path`;
}

/** On Windows the variable may be called `Path`, which only the original environment finds under any spelling. */
export function searchPath(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const name = Object.keys(env).find((each) => each.toUpperCase() === 'PATH');
  return (name === undefined ? undefined : env[name]) ?? '';
}

/** The endings that a program's name may omit: `code` is `code.cmd` on Windows; none elsewhere. */
export function programEndings(
  env: Readonly<Record<string, string | undefined>> = process.env,
  platform: string = process.platform,
): string[] {
  return platform === 'win32' ? (env['PATHEXT'] ?? DEFAULT_ENDINGS).split(';') : [];
}

/** Whether a file is one that this user can execute. */
export function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** A name with one of the endings is not searched with another one. */
function windowsSpellings(program: string, endings = DEFAULT_ENDINGS): string[] {
  const known = endings.split(';').filter((ending) => ending !== '');
  const isWhole = known.some((ending) => program.toLowerCase().endsWith(ending.toLowerCase()));
  return isWhole ? [program] : [program, ...known.map((ending) => program + ending.toLowerCase())];
}

function findFileProblem(file: string): string | undefined {
  try {
    if (statSync(file).isDirectory()) return `${file} is a folder, not a program`;
    accessSync(file, constants.X_OK);
    return undefined;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'EACCES') return `${file} may not be executed; try: chmod +x ${file}`;
    return `${file} does not exist`;
  }
}
