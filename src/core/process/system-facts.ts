import { execFile } from 'node:child_process';
import { existsSync, readFileSync, readlinkSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { listFolder } from '../lib/list-folder.ts';

/** Time limit of an external program, in milliseconds. */
const COMMAND_TIMEOUT_MS = 2_000;

/** Whether the system synchronises its clock over the network; `undefined` when it does not answer in time. */
export function isClockSynchronised(): Promise<boolean | undefined> {
  if (process.platform !== 'linux') return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const args = ['show', '--property=NTPSynchronized', '--value'];
    execFile('timedatectl', args, { timeout: COMMAND_TIMEOUT_MS, killSignal: 'SIGKILL' }, (error, out) => {
      const answer = error ? '' : out.trim();
      resolve(answer === 'yes' ? true : answer === 'no' ? false : undefined);
    });
  });
}

/** Reads the system's limits; they are defined only on Linux. */
export function readLimits() {
  const number = (file: string) => {
    const text = tryReadText(file)?.trim();
    return text === undefined || text === '' ? undefined : Number(text);
  };
  const limits = tryReadText('/proc/self/limits');
  return {
    maxWatches: number('/proc/sys/fs/inotify/max_user_watches'),
    maxInstances: number('/proc/sys/fs/inotify/max_user_instances'),
    usedInstances: process.platform === 'linux' ? inotifyInstances() : undefined,
    openFiles: limits === undefined ? undefined : openFilesLimit(limits),
  };
}

/** Parses the soft limit of open files from /proc/self/limits; `undefined`: none found, or unlimited. */
export function openFilesLimit(limits: string): number | undefined {
  const soft = /^Max open files\s+(\S+)/m.exec(limits)?.[1];
  return soft === undefined || soft === 'unlimited' ? undefined : Number(soft);
}

/** Counts the inotify instances of the processes with readable descriptors, which are those of the current user. */
function inotifyInstances(): number {
  let count = 0;
  for (const pid of listFolder('/proc').filter((name) => /^\d+$/.test(name))) {
    const folder = `/proc/${pid}/fd`;
    for (const fd of listFolder(folder)) {
      try {
        if (readlinkSync(`${folder}/${fd}`) === 'anon_inode:inotify') count += 1;
      } catch {
        // The descriptor was closed meanwhile.
      }
    }
  }
  return count;
}

/** What can start a scheduler at boot, and where its files lie. */
export interface ServiceManager {
  /** `undefined` where none that is known runs. */
  kind: 'systemd' | 'launchd' | undefined;
  folders: string[];
}

/** Returns the system's service manager. The task scheduler of Windows keeps its tasks where no file can be read. */
export function serviceManager(
  platform: string = process.platform,
  env: Readonly<Record<string, string | undefined>> = process.env,
  home = homedir(),
): ServiceManager {
  if (platform === 'win32') return { kind: undefined, folders: [] };
  if (platform === 'darwin') {
    const folders = [`${home}/Library/LaunchAgents`, '/Library/LaunchAgents', '/Library/LaunchDaemons'];
    return { kind: 'launchd', folders };
  }
  return {
    kind: existsSync('/run/systemd/system') ? 'systemd' : undefined,
    folders: [
      `${env['XDG_CONFIG_HOME'] || `${home}/.config`}/systemd/user`,
      '/etc/systemd/user',
      '/etc/systemd/system',
    ],
  };
}

/** Finds the file that makes a service manager start a scheduler at boot. */
export function findService(): { service: string | undefined; kind: ServiceManager['kind'] } {
  const { kind, folders } = serviceManager();
  for (const folder of folders) {
    const files = listFolder(folder).filter((name) => /\.(?:service|plist)$/.test(name));
    const file = files.find((name) => /quickscrape/.test(name) || startsScheduler(join(folder, name)));
    if (file !== undefined) return { service: join(folder, file), kind };
  }
  return { service: undefined, kind };
}

function startsScheduler(file: string): boolean {
  const text = tryReadText(file) ?? '';
  return text.includes('QuickScrape') || /quickscrape.{0,40}scheduler/s.test(text);
}

function tryReadText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
