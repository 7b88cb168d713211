import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { once } from '../lib/once.ts';
import { pidExists, readProcStat } from './process-table.ts';

/**
 * Identifies a process permanently. A pid alone is reused, so the identity includes the process's start time and the
 * boot. It is more reliable than a heartbeat: the process of a suspended laptop is not dead.
 */
export interface ProcessIdentity {
  pid: number;
  /** Its start time, in a format of the system; only compared. */
  start: string;
  /** The boot of the machine, and its pid namespace. */
  bootId: string;
}

/** Returns the identity of this process. */
export const currentProcessIdentity = once(
  (): ProcessIdentity => ({ pid: process.pid, start: startOf(process.pid) ?? '', bootId: bootId() }),
);

/** Returns the identity of a live process; `undefined` when no process has that pid. */
export function findProcessIdentity(pid: number): ProcessIdentity | undefined {
  const start = startOf(pid);
  return start === undefined ? undefined : { pid, start, bootId: bootId() };
}

/**
 * Returns the identity of a child of this process. The child may already have exited, but its pid is not reused before
 * it is reaped.
 */
export function childProcessIdentity(pid: number): ProcessIdentity {
  return findProcessIdentity(pid) ?? { pid, start: '', bootId: bootId() };
}

/** Whether a process was started in this boot of the machine and in this process's pid namespace. */
export function isFromThisBoot(identity: ProcessIdentity): boolean {
  return identity.bootId === bootId();
}

/** Whether exactly this process is still running; a zombie is not. */
export function isAlive(identity: ProcessIdentity): boolean {
  return isFromThisBoot(identity) && startOf(identity.pid) === identity.start;
}

/**
 * Whether the process group that the process led may be signalled. This is so if it still leads the group, or if it
 * has exited and its pid is free. In the second case the group can only be its own, since a pid is not reused while
 * its group exists. In another boot or namespace the number refers to another process.
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
    // A container numbers its processes separately: the same pid refers to another process there.
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${readlinkSync('/proc/self/ns/pid')}`;
  }
  if (process.platform === 'win32') return parseBootId(runCommand(...bootIdCall()) ?? '');
  return runCommand('/usr/sbin/sysctl', ['-n', 'kern.boottime']) ?? '';
}

/** The key in which Windows counts its boots. */
const BOOT_KEY =
  'HKLM\\SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Memory Management\\PrefetchParameters';

/** The call that prints the number of this boot of Windows. */
function bootIdCall(): [program: string, args: string[]] {
  return [
    `${process.env['SystemRoot'] ?? 'C:\\Windows'}\\System32\\reg.exe`,
    ['query', BOOT_KEY, '/v', 'BootId'],
  ];
}

/** Reads the number of a boot from what `reg query` prints; `''` where Windows does not count its boots. */
export function parseBootId(text: string): string {
  return /\bBootId\s+REG_DWORD\s+0x([0-9a-f]+)/i.exec(text)?.[1] ?? '';
}

/** Returns a process's start time; `undefined` when it has exited or is a zombie. */
function startOf(pid: number): string | undefined {
  if (process.platform === 'linux') return readProcStat(pid)?.start;
  if (process.platform === 'win32') return pidExists(pid) ? '' : undefined;
  const line = runCommand('/bin/ps', ['-o', 'stat=,lstart=', '-p', String(pid)]);
  return line === undefined || line === '' || line.startsWith('Z') ? undefined : line.replace(/^\S+\s+/, '');
}

function runCommand(program: string, args: string[]): string | undefined {
  try {
    return execFileSync(program, args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      windowsHide: true,
    }).trim();
  } catch {
    return undefined;
  }
}
