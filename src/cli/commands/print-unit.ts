import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import { resolveHome } from '../../core/fs/paths.ts';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import { findInstallation } from '../../core/lib/installation.ts';
import type { CommandContext } from '../context/context.ts';
import { launchdList } from './launchd-list.ts';
import { schedulerUnitFile, workerUnitFile } from './systemd-unit.ts';

export interface SchedulerUnitFlags {
  system?: boolean;
  runAs?: string;
  writable?: string[];
}

export interface WorkerUnitFlags {
  joinFile: string;
  redisPasswordFile: string;
  runAs?: string;
  dir?: string;
}

/** @throws QuickscrapeError `invalid_params` when the flags leave open whose scheduler it is */
export async function printSchedulerUnit(
  context: CommandContext,
  kind: 'systemd' | 'launchd',
  flags: SchedulerUnitFlags,
): Promise<void> {
  const { home, schedulerLog } = resolveHome({ home: context.globals.home });
  const argv = [...findInstallation().argv, 'scheduler', 'run', '--home', home];
  const text =
    kind === 'launchd'
      ? launchdList(argv, isDefaultHome(home) ? undefined : home, schedulerLog)
      : schedulerUnitFile({
          argv,
          isSystem: flags.system === true,
          user: flags.system ? schedulerUser(flags.runAs, isDefaultHome(home)) : undefined,
          writable: [home, ...(flags.writable ?? []).map((folder) => resolve(folder))],
        });
  checkSystemFlags(kind, flags);
  await context.print({ kind, text }, () => text);
}

function isDefaultHome(home: string): boolean {
  return home === resolveHome({ home: undefined }).home && process.env['QUICKSCRAPE_HOME'] === undefined;
}

/** Whose scheduler a service of the machine is. */
function schedulerUser(runAs: string | undefined, isDefault: boolean): string {
  const { username, uid } = userInfo();
  const user = checkUser(runAs ?? username);
  if (user === 'root' || (runAs === undefined && uid === 0)) {
    throw new QuickscrapeError('invalid_params', 'a scheduler of the machine needs an ordinary user', {
      field: 'run_as',
      hint: 'Name the user that the home belongs to: --run-as scraper --home /var/lib/quickscrape.',
    });
  }
  if (isDefault && user !== username) {
    throw new QuickscrapeError('invalid_params', `the home of ${user} is not known`, {
      field: 'home',
      hint: `Name it: --home /var/lib/quickscrape.`,
    });
  }
  return user;
}

function checkSystemFlags(kind: 'systemd' | 'launchd', flags: SchedulerUnitFlags): void {
  if (flags.system && kind === 'systemd') return;
  const [flag] = Object.entries(flags).find(([, value]) => value !== undefined) ?? [];
  if (flag === undefined) return;
  throw new QuickscrapeError(
    'invalid_params',
    kind === 'launchd'
      ? '--system, --run-as and --writable are for systemd'
      : '--run-as and --writable need --system',
    { hint: 'Without them, the scheduler is a service of your own user and writes wherever you may.' },
  );
}

/** @throws QuickscrapeError `invalid_params` for a folder that no user owns */
export async function printWorkerUnit(context: CommandContext, flags: WorkerUnitFlags): Promise<void> {
  const { joinFile, redisPasswordFile, runAs, dir } = flags;
  if (dir !== undefined && runAs === undefined) {
    throw new QuickscrapeError('invalid_params', '--dir needs --run-as', {
      field: 'dir',
      hint: 'Name the user that the folder belongs to, or leave out both: systemd then makes a user and a folder.',
    });
  }
  const folder = dir === undefined ? '/var/lib/quickscrape-worker' : resolve(dir);
  const text = workerUnitFile({
    argv: [...findInstallation().argv, 'worker', 'start', '--dir', folder],
    user: runAs === undefined ? undefined : checkUser(runAs),
    writable: [folder],
    joinFile: resolve(joinFile),
    passwordFile: resolve(redisPasswordFile),
    stateFolder: dir === undefined ? 'quickscrape-worker' : undefined,
  });
  await context.print({ kind: 'systemd', text }, () => text);
}

/** As systemd allows names of users; anything else would end up in another line of the unit. */
function checkUser(name: string): string {
  if (/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,30}$/.test(name)) return name;
  throw new QuickscrapeError('invalid_params', `${JSON.stringify(name)} is not the name of a user`, {
    field: 'run_as',
    hint: 'A name has letters, digits, dots, hyphens and underscores.',
  });
}
