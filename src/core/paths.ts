import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';

/** Where everything of one home folder lies (contract §2). All absolute. */
export interface HomePaths {
  home: string;
  jobs: string;
  configs: string;
  settings: string;
  secrets: string;
  database: string;
  locks: string;
  runs: string;
  output: string;
  trash: string;
  schedulerLog: string;
  auditLog: string;
}

export interface HomeChoice {
  /** The home folder; default `$QUICKSCRAPE_HOME`, else `~/.quickscrape`. */
  home?: string | undefined;
  /** A jobs folder of its own. Alone, it fixes the home: its parent when it is named `jobs`, else `.quickscrape` in it. */
  jobsDir?: string | undefined;
}

/** Says where the files of a home lie; touches nothing. The only place that asks for the user's folder. */
export function resolveHome(choice: HomeChoice = {}): HomePaths {
  const home = resolve(choice.home ?? homeOfJobs(choice.jobsDir) ?? defaultHome());
  return {
    home,
    jobs: choice.jobsDir === undefined ? join(home, 'jobs') : resolve(choice.jobsDir),
    configs: join(home, 'configs'),
    settings: join(home, 'settings.yaml'),
    secrets: join(home, 'secrets.env'),
    database: join(home, 'quickscrape.db'),
    locks: join(home, 'locks'),
    runs: join(home, 'runs'),
    output: join(home, 'output'),
    trash: join(home, 'trash'),
    schedulerLog: join(home, 'scheduler.log'),
    auditLog: join(home, 'audit.log'),
  };
}

/** Makes the home's folders, mode 0700. */
export function makeHome(paths: HomePaths): void {
  for (const folder of [
    paths.home,
    paths.jobs,
    paths.configs,
    paths.locks,
    paths.runs,
    paths.output,
    paths.trash,
  ]) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }
}

function defaultHome(): string {
  return process.env['QUICKSCRAPE_HOME'] || join(homedir(), '.quickscrape');
}

function homeOfJobs(jobsDir: string | undefined): string | undefined {
  if (jobsDir === undefined) return undefined;
  const folder = resolve(jobsDir);
  return basename(folder) === 'jobs' ? dirname(folder) : join(folder, '.quickscrape');
}
