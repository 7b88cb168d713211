import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { pidExists } from './pid-exists.ts';
import { readProcStat } from './process-table.ts';

/**
 * Which process is meant, for years: a pid alone is used again, so it goes with the moment the process started and
 * the boot in which it did. Better than a heartbeat: a suspended laptop's process is not dead.
 */
export interface ProcessIdentity {
  pid: number;
  /** When it started, in a form of the system's own; only compared. */
  start: string;
  /** Which boot of the machine, and which of its pid namespaces. */
  bootId: string;
}

/** The identity of this process. */
export function currentProcessIdentity(): ProcessIdentity {
  return { pid: process.pid, start: startOf(process.pid) ?? '', bootId: bootId() };
}

/** The identity of a live process; `undefined` when there is none of that pid. */
export function findProcessIdentity(pid: number): ProcessIdentity | undefined {
  const start = startOf(pid);
  return start === undefined ? undefined : { pid, start, bootId: bootId() };
}

/**
 * The identity of a child of this process, which may be over already: until it is collected nobody else gets its pid.
 */
export function childProcessIdentity(pid: number): ProcessIdentity {
  return findProcessIdentity(pid) ?? { pid, start: '', bootId: bootId() };
}

/** Whether a process was started in this boot of the machine and in our pid namespace. */
export function isFromThisBoot(identity: ProcessIdentity): boolean {
  return identity.bootId === bootId();
}

/** Whether that very process still runs; a zombie does not. */
export function isAlive(identity: ProcessIdentity): boolean {
  return isFromThisBoot(identity) && startOf(identity.pid) === identity.start;
}

/**
 * Whether the process group that this process led may be signalled: it still leads it, or it is gone and nobody has
 * its pid, so that a group of that number is what it left behind (a pid is not used again while its group lives).
 * In another boot or namespace the number means somebody else.
 */
export function canSignalGroup(identity: ProcessIdentity): boolean {
  if (!isFromThisBoot(identity)) return false;
  const start = startOf(identity.pid);
  return start === undefined || start === identity.start;
}

let cachedBootId: string | undefined;

function bootId(): string {
  cachedBootId ??= readBootId();
  return cachedBootId;
}

function readBootId(): string {
  if (process.platform === 'linux') {
    // A container counts its processes for itself: the same pid names another process there.
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${readlinkSync('/proc/self/ns/pid')}`;
  }
  if (process.platform === 'darwin') return runCommand('/usr/sbin/sysctl', ['-n', 'kern.boottime']) ?? '';
  return '';
}

/** When a process started, or `undefined` when it is gone or a zombie. */
function startOf(pid: number): string | undefined {
  if (process.platform === 'linux') return readProcStat(pid)?.start;
  if (process.platform === 'win32') return pidExists(pid) ? '' : undefined;
  const line = runCommand('/bin/ps', ['-o', 'stat=,lstart=', '-p', String(pid)]);
  return line === undefined || line === '' || line.startsWith('Z') ? undefined : line.replace(/^\S+\s+/, '');
}

function runCommand(program: string, args: string[]): string | undefined {
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}
