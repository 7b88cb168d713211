import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { QuickscrapeError } from '../lib/errors.ts';
import { makePrivateFolders } from './private-folder.ts';

/** The absolute paths of the files and folders of a home. */
export interface HomePaths {
  home: string;
  jobs: string;
  configs: string;
  settings: string;
  secrets: string;
  /** Where messages are sent. */
  channels: string;
  /** The invitations of workers on other machines. */
  workers: string;
  database: string;
  locks: string;
  /** Run folders: `<job>/<run>`. */
  runs: string;
  output: string;
  trash: string;
  schedulerLog: string;
  auditLog: string;
}

export interface HomeChoice {
  /** The home folder; default `$QUICKSCRAPE_HOME`, else `~/.quickscrape`. */
  home?: string | undefined;
  /**
   * A separate jobs folder. Alone, it determines the home: its parent if it is named `jobs`, else `.quickscrape` in
   * it.
   */
  jobsDir?: string | undefined;
}

/** Whether a home is named by its name in `homes.yaml`. A folder `@acme` is `./@acme`. */
export function isHomeName(text: string | undefined): text is `@${string}` {
  return text?.startsWith('@') === true;
}

/**
 * Returns the paths of a home; accesses no files. Only this function determines the default home.
 * @throws QuickscrapeError `invalid_params` for a name of `homes.yaml`, which only the commands know
 */
export function resolveHome(choice: HomeChoice = {}): HomePaths {
  const chosen = choice.home ?? homeOfJobs(choice.jobsDir) ?? defaultHome();
  if (isHomeName(chosen)) throw nameForFolder(chosen);
  const home = resolve(chosen);
  return {
    home,
    jobs: choice.jobsDir === undefined ? join(home, 'jobs') : resolve(choice.jobsDir),
    configs: join(home, 'configs'),
    settings: join(home, 'settings.yaml'),
    secrets: join(home, 'secrets.env'),
    channels: join(home, 'channels.yaml'),
    workers: join(home, 'workers.json'),
    database: join(home, 'quickscrape.db'),
    locks: join(home, 'locks'),
    runs: join(home, 'runs'),
    output: join(home, 'output'),
    trash: join(home, 'trash'),
    schedulerLog: join(home, 'scheduler.log'),
    auditLog: join(home, 'audit.log'),
  };
}

/** Returns a path that a person wrote: `~/` is the person's folder, another path is relative to the working directory. */
export function resolveUserPath(path: string): string {
  return path.startsWith('~/') ? join(homedir(), path.slice(2)) : resolve(path);
}

/** Returns the path of a job file in the jobs folder. */
export function jobFile(folder: string, id: string): string {
  // Not join(): with thousands of files, it costs as much as the stat of each file.
  return `${folder}${sep}${id}.json`;
}

/**
 * Creates the home's folders, mode 0700. An existing home on a read-only file system may lack folders; it can still be
 * read.
 * @throws QuickscrapeError `store_unavailable` when the home cannot be created or is not a folder
 */
export function makeHome(paths: HomePaths): void {
  makeFolder(paths.home, paths.home);
  for (const folder of [paths.jobs, paths.configs, paths.locks, paths.runs, paths.output, paths.trash]) {
    try {
      makeFolder(folder, paths.home);
    } catch (error) {
      if (codeOf((error as Error).cause) !== 'EROFS') throw error;
    }
  }
}

function makeFolder(folder: string, home: string): void {
  try {
    makePrivateFolders(folder);
  } catch (error) {
    const what = folder === home ? `the home ${home}` : `the folder ${folder} of the home`;
    // A file higher up in the path; newer versions of Node detect it only when they create a folder there.
    const below = codeOf(error) === 'EEXIST' && !existsSync(folder);
    const why =
      ERROR_REASONS[below ? 'ENOTDIR' : codeOf(error)] ?? `cannot be made: ${(error as Error).message}`;
    throw new QuickscrapeError('store_unavailable', `${what} ${why}`, {
      hint: 'Choose another home with --home DIR or QUICKSCRAPE_HOME.',
      cause: error,
    });
  }
}

const ERROR_REASONS: Readonly<Record<string, string>> = {
  EEXIST: 'is a file, not a folder',
  ENOTDIR: 'lies below a file, not a folder',
  EACCES: 'cannot be made or read: permission denied',
  EPERM: 'cannot be made or read: permission denied',
  EROFS: 'cannot be made: the file system is read-only',
  ENOENT: 'cannot be made: its parent takes no folders',
};

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException | undefined)?.code ?? '';
}

function defaultHome(): string {
  return process.env['QUICKSCRAPE_HOME'] || join(homedir(), '.quickscrape');
}

function nameForFolder(name: string): QuickscrapeError {
  return new QuickscrapeError(
    'invalid_params',
    `the home must be a folder of this machine here, not ${name}`,
    {
      field: 'home',
      hint: `Names of homes.yaml are for commands. A folder that is called ${name} is ./${name}.`,
    },
  );
}

function homeOfJobs(jobsDir: string | undefined): string | undefined {
  if (jobsDir === undefined) return undefined;
  const folder = resolve(jobsDir);
  return basename(folder) === 'jobs' ? dirname(folder) : join(folder, '.quickscrape');
}
