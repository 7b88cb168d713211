import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** One live process; a zombie does not count. */
export interface ProcessEntry {
  pid: number;
  parent: number;
  /** Its process group: the pid of the group's first leader. */
  group: number;
  /** Its start time, in a format of the system; distinguishes it from a later process with the same pid. */
  start: string;
}

/** Lists all live processes that this user can see; an empty list on Windows, which has no groups. */
export function listProcesses(): ProcessEntry[] {
  if (process.platform === 'win32') return [];
  if (process.platform !== 'linux') return listProcessesWithPs();
  return readdirSync('/proc').flatMap((name) =>
    /^\d+$/.test(name) ? (readProcStat(Number(name)) ?? []) : [],
  );
}

/** Returns the process with this pid; `undefined` when it has exited or is a zombie. Linux only. */
export function readProcStat(pid: number): ProcessEntry | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return undefined;
  }
  // The second field is the program's name in brackets. The name may contain spaces and brackets.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, parent, group] = fields;
  if (state === 'Z' || state === 'X') return undefined;
  return { pid, parent: Number(parent), group: Number(group), start: fields[19] ?? '' };
}

/** Returns the most memory that this process has had at a time, in bytes; where that is unknown, what it has now. */
export function peakMemory(): number {
  try {
    // The system's other figure, `ru_maxrss`, includes the memory of the process that started this one.
    const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1];
    if (kilobytes !== undefined) return Number(kilobytes) * 1024;
  } catch {
    // No such file.
  }
  return process.memoryUsage.rss();
}

/** Whether this process has child processes, as far as the system says so: `false` where it does not. */
export function hasChildren(): boolean {
  try {
    return readFileSync(`/proc/self/task/${process.pid}/children`, 'latin1') !== '';
  } catch {
    return false;
  }
}

/** Returns a variable of a process's initial environment; `undefined` where it cannot be read. */
export function readProcessEnv(pid: number, variable: string): string | undefined {
  if (process.platform !== 'linux') return undefined;
  let environment: string;
  try {
    environment = readFileSync(`/proc/${pid}/environ`, 'latin1');
  } catch {
    return undefined;
  }
  const text = `\0${environment}`;
  const at = text.indexOf(`\0${variable}=`);
  if (at === -1) return undefined;
  const from = at + variable.length + 2;
  const to = text.indexOf('\0', from);
  return text.slice(from, to === -1 ? undefined : to);
}

/** Whether {@link measureGroupMemory} is known: macOS and Windows report the private memory of no other process. */
export function canMeasureMemory(platform: string = process.platform): boolean {
  return platform === 'linux';
}

/** The memory of a process group that is not shared with others, in MiB; 0 where it is not known. */
export function measureGroupMemory(group: number): number {
  if (!canMeasureMemory()) return 0;
  const members = listProcesses().filter((entry) => entry.group === group);
  return members.reduce((sum, { pid }) => sum + measurePrivateMemory(pid), 0) / 1024;
}

/** In KiB; 0 for a process that has ended. */
function measurePrivateMemory(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'latin1');
    const sizes = [...status.matchAll(/^Rss(?:Anon|Shmem):\s+(\d+) kB/gm)];
    return sizes.reduce((sum, [, size]) => sum + Number(size), 0);
  } catch {
    return 0;
  }
}

function listProcessesWithPs(): ProcessEntry[] {
  const columns = 'pid=,ppid=,pgid=,stat=,lstart=';
  return parsePs(execFileSync('/bin/ps', ['-axo', columns], { encoding: 'utf8', maxBuffer: 1 << 24 }));
}

/** Reads what `ps` prints of pid, parent, group, state and start of each process. */
export function parsePs(text: string): ProcessEntry[] {
  return text.split('\n').flatMap((line) => {
    const [pid, parent, group, state = 'Z', ...start] = line.trim().split(/\s+/);
    if (state.startsWith('Z')) return [];
    return { pid: Number(pid), parent: Number(parent), group: Number(group), start: start.join(' ') };
  });
}

/**
 * Whether a process with this pid exists, of any user; zombies count. Only a {@link ProcessIdentity} shows whether it
 * is the expected one.
 */
export function pidExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
