import type { FreeSpace } from '../../../fs/disk-space.ts';
import type { Mount } from '../../../fs/mounts.ts';
import { plainCommand } from '../../../lib/hints.ts';
import { programCommand } from '../../../lib/installation.ts';
import { pluralize } from '../../../lib/text.ts';
import { shellQuote } from '../../../process/shell.ts';
import { createFindings, type Finding } from '../finding.ts';

/** A file or folder of the home. `path` is relative to it, `''` is the home itself. */
export interface Entry {
  path: string;
  kind: 'file' | 'folder' | 'link' | 'other';
  /** The permission bits. */
  mode: number;
  uid: number;
}

/** The files and folders to judge, the home included. */
interface LooseFacts {
  entries: readonly Entry[];
  /** The file of secrets, relative to the home. */
  secrets: string;
}

/** The files and folders that are more open than they may be; an entry may stand in several lists. */
interface LooseEntries {
  home: Entry | undefined;
  writable: Entry[];
  secrets: Entry | undefined;
  readable: Entry[];
}

/**
 * Finds what other users should not reach: the home if it is open in any way, all that others may write, the secrets,
 * and in a home that others can enter also all that they can read. The check reports exactly these entries, and
 * `doctor --fix` closes exactly these.
 */
export function findLooseEntries({ entries, secrets }: LooseFacts): LooseEntries {
  const top = entries.find(({ path }) => path === '');
  const inner = entries.filter(({ path, kind }) => path !== '' && (kind === 'file' || kind === 'folder'));
  const isHomeOpen = top !== undefined && (top.mode & 0o011) !== 0;
  const openSecrets = inner.find(({ path, mode }) => path === secrets && (mode & 0o044) !== 0);
  return {
    home: top !== undefined && (top.mode & 0o077) !== 0 ? top : undefined,
    writable: inner.filter(({ mode }) => (mode & 0o022) !== 0),
    secrets: openSecrets,
    readable: isHomeOpen ? inner.filter((entry) => entry !== openSecrets && (entry.mode & 0o044) !== 0) : [],
  };
}

interface PermissionFacts extends LooseFacts {
  home: string;
  /** The current user; `undefined` where the system has no user ids (Windows). */
  uid: number | undefined;
  /** Files and folders that cannot be read, relative to the home. */
  unreadable: readonly string[];
}

/**
 * Checks permissions: folders should be 0700 and files 0600 (docs/contributing/adr/0001). In a home that other users
 * cannot enter, files that an editor made readable to all are harmless. Files that others may write, secrets, and files
 * of another owner are always reported.
 */
export function checkPermissions(facts: PermissionFacts): Finding[] {
  const { ok } = createFindings('permissions');
  if (facts.uid === undefined) return [ok('are the system’s own here')];
  const findings = [...checkHomeFolder(facts), ...checkEntries(facts)];
  if (findings.length > 0) return findings;
  return facts.entries.length > 0 ? [ok('nobody else can read or write the home')] : [];
}

function checkHomeFolder({ home, uid, entries }: PermissionFacts): Finding[] {
  const { warning, problem } = createFindings('permissions');
  const top = entries.find(({ path }) => path === '');
  if (!top) return [];
  const fix = `chmod 700 ${shellQuote(home)}`;
  const findings: Finding[] = [];
  if (top.uid !== uid) {
    const message = `the home belongs to user ${top.uid}, and you are user ${uid}`;
    const details = {
      where: home,
      fix: `sudo -u '#${top.uid}' ${programCommand()} doctor --home ${shellQuote(home)}`,
    };
    findings.push(uid === 0 ? warning(message, details) : problem(message, details));
  }
  if ((top.mode & 0o022) !== 0) {
    findings.push(
      problem(`others can write the home (mode ${octal(top.mode)}): they could put commands into jobs`, {
        where: home,
        fix,
      }),
    );
  } else if ((top.mode & 0o077) !== 0) {
    findings.push(warning(`others can look into the home (mode ${octal(top.mode)})`, { where: home, fix }));
  }
  return findings;
}

function checkEntries(facts: PermissionFacts): Finding[] {
  const { warning, problem } = createFindings('permissions');
  const { home, entries, unreadable } = facts;
  const top = entries.find(({ path }) => path === '');
  const inner = entries.filter(({ path, kind }) => path !== '' && (kind === 'file' || kind === 'folder'));
  const { writable, secrets, readable } = findLooseEntries(facts);
  const findings: Finding[] = [];
  if (writable.length > 0) {
    const message = `others may write ${describeEntries(writable)}`;
    const details = { where: at(home, writable), fix: `chmod -R go-w ${shellQuote(home)}` };
    const isHomeOpen = top !== undefined && (top.mode & 0o011) !== 0;
    findings.push(isHomeOpen ? problem(message, details) : warning(message, details));
  }
  if (secrets) {
    const file = `${home}/${secrets.path}`;
    findings.push(
      problem(`others may read the secrets (mode ${octal(secrets.mode)})`, {
        where: file,
        fix: `chmod 600 ${shellQuote(file)}`,
      }),
    );
  }
  if (readable.length > 0) {
    const details = { where: at(home, readable), fix: `chmod -R go= ${shellQuote(home)}` };
    findings.push(warning(`others can read ${describeEntries(readable)}`, details));
  }
  const foreign = inner.filter(({ uid }) => uid !== top?.uid);
  if (foreign.length > 0) {
    const owner = top?.uid ?? facts.uid;
    findings.push(
      warning(
        `${describeEntries(foreign)} belong${foreign.length === 1 ? 's' : ''} to another user than the home`,
        {
          where: at(home, foreign),
          fix: `sudo chown -R ${owner} ${shellQuote(home)}`,
        },
      ),
    );
  }
  if (unreadable.length > 0) {
    const [first = ''] = unreadable;
    findings.push(
      problem(
        `you cannot read ${unreadable.length === 1 ? 'it' : pluralize(unreadable.length, 'file or folder', 'files and folders')}`,
        {
          where: `${home}/${first}`,
          fix: `run quickscrape as its owner, or: chmod -R u+rwX ${shellQuote(home)}`,
        },
      ),
    );
  }
  return findings;
}

function describeEntries(entries: readonly Entry[]): string {
  const [first] = entries;
  return entries.length === 1 && first
    ? first.path
    : pluralize(entries.length, 'file or folder', 'files and folders');
}

function at(home: string, entries: readonly Entry[]): string {
  return `${home}/${entries[0]?.path ?? ''}`;
}

function octal(mode: number): string {
  return (mode & 0o7777).toString(8).padStart(4, '0');
}

interface LeftoverFacts {
  /** Temporary files of killed writers; relative to the home. */
  tempFiles: readonly string[];
  /** Folders of runs that are not in the database; relative to the home. `undefined`: not known. */
  orphanedRuns: readonly string[] | undefined;
}

/** Reports files that are harmless but use space. */
export function checkLeftovers(
  { tempFiles, orphanedRuns }: LeftoverFacts,
  command = plainCommand,
): Finding[] {
  const { ok, warning } = createFindings('leftovers');
  const findings: Finding[] = [];
  const [temp] = tempFiles;
  if (temp !== undefined) {
    findings.push(
      warning(`${pluralize(tempFiles.length, 'temporary file')} of a writer that was killed`, {
        where: temp,
        fix: command('doctor --fix'),
      }),
    );
  }
  const [stray] = orphanedRuns ?? [];
  if (stray !== undefined) {
    findings.push(
      warning(`${pluralize(orphanedRuns?.length ?? 0, 'folder')} of runs that are not in the history`, {
        where: stray,
        fix: 'delete them if you do not need their files',
      }),
    );
  }
  return findings.length > 0 ? findings : [ok('none')];
}

interface DiskFacts {
  home: string;
  free: FreeSpace;
  /** The setting `min_free_space`, MiB; 0 is off. */
  minFreeMiB: number;
}

const MIB = 1024 * 1024;
const MIN_FREE_INODES = 1_000;
/**
 * A restart is part of the hint because a scheduler sweeps a minute after its start. The hint names the job's field
 * because the setting `keep_runs` applies only to new jobs.
 */
function describeKeepingFewer(command: (line: string) => string): string {
  return `a job keeps fewer with: ${command('job update JOB --keep-runs 10')}, then ${command('scheduler restart')}`;
}

/** Checks whether the disk has room for runs to start and to store their results. */
export function checkDisk(
  { home, free: { bytes: free, files: freeFiles }, minFreeMiB }: DiskFacts,
  command = plainCommand,
): Finding[] {
  const { ok, warning, problem } = createFindings('disk');
  const where = home;
  if (free === null) return [ok('the system does not say how much is free', { where })];
  const amount =
    free >= 10 * 1024 * MIB ? `${Math.floor(free / MIB / 1024)} GiB` : `${Math.floor(free / MIB)} MiB`;
  const keepFewer = describeKeepingFewer(command);
  const room = `delete what is not needed; ${keepFewer}`;
  const findings: Finding[] = [];
  if (free < MIB) findings.push(problem('the disk is full', { where, fix: room }));
  else if (minFreeMiB > 0 && free < minFreeMiB * MIB) {
    findings.push(
      problem(`${amount} are free: below min_free_space (${minFreeMiB} MiB) no run starts`, {
        where,
        fix: room,
      }),
    );
  } else if (free < 4 * Math.max(minFreeMiB, 50) * MIB) {
    findings.push(warning(`only ${amount} are free`, { where, fix: room }));
  }
  if (freeFiles !== null && freeFiles < MIN_FREE_INODES) {
    findings.push(
      problem(`the file system can take ${freeFiles} more files (inodes)`, {
        where,
        fix: `delete many small files, such as old runs: ${keepFewer}`,
      }),
    );
  }
  return findings.length > 0 ? findings : [ok(`${amount} are free`, { where })];
}

export interface HomeFacts {
  home: string;
  kind: 'folder' | 'missing' | 'other' | 'unreadable';
  /** Why it cannot be read. */
  error?: string | undefined;
  writable: boolean;
  readOnlyDisk: boolean;
  empty: boolean;
  /** Folders of a home that are missing. */
  missing: readonly string[];
  mount: Mount | undefined;
}

/** File systems on which SQLite's locks are not reliable, or to which another machine may write at the same time. */
const REMOTE = /^(?:nfs4?|cifs|smb3?|smbfs|afs|ceph|glusterfs|lustre|9p|beegfs|davfs|ncpfs|coda)$/;
const SYNCED = /dropbox|onedrive|google.?drive|icloud|nextcloud|syncthing|pcloud|mega/i;

/** Checks whether the home exists, can be used, and is on a local file system (promise 6). */
export function checkHome(facts: HomeFacts, command = plainCommand): Finding[] {
  const { ok, warning, problem } = createFindings('home');
  const { home, kind, mount } = facts;
  const where = home;
  if (kind === 'missing') {
    return [
      warning('there is no home folder yet', {
        where,
        fix: `${programCommand()} init --home ${shellQuote(home)}`,
      }),
    ];
  }
  if (kind === 'other') {
    return [
      problem('is a file, not a folder', {
        where,
        fix: 'move it away, or choose another home with --home DIR',
      }),
    ];
  }
  if (kind === 'unreadable') {
    return [
      problem(`cannot be read: ${facts.error ?? 'permission denied'}`, {
        where,
        fix: `run quickscrape as its owner, or: sudo chown -R "$USER" ${shellQuote(home)}`,
      }),
    ];
  }
  const findings: Finding[] = [];
  if (facts.readOnlyDisk) {
    findings.push(
      problem('lies on a read-only file system: jobs can be read, but not changed or run', {
        where,
        fix: 'mount it writable, or choose another home with --home DIR',
      }),
    );
  } else if (!facts.writable) {
    findings.push(
      problem('cannot be written by you', {
        where,
        fix: `run quickscrape as its owner, or: chmod u+rwx ${shellQuote(home)}`,
      }),
    );
  } else if (facts.empty) {
    findings.push(
      warning('is empty: no home yet', { where, fix: `${programCommand()} init --home ${shellQuote(home)}` }),
    );
  } else if (facts.missing.length > 0) {
    findings.push(warning(`lacks ${facts.missing.join(', ')}`, { where, fix: command('doctor --fix') }));
  }
  const remote = mount && remoteKind(mount);
  if (remote !== undefined) {
    findings.push(
      warning(`lies on ${remote}: locks and durable writes are only certain on a local disk`, {
        where,
        fix: 'move it to a local disk and name it with --home DIR or QUICKSCRAPE_HOME',
      }),
    );
  } else if (SYNCED.test(home)) {
    findings.push(
      warning('seems to lie in a folder that is synchronised with other machines', {
        where,
        fix: 'move it out of the synchronised folder and name it with --home DIR or QUICKSCRAPE_HOME',
      }),
    );
  }
  return findings.length > 0 ? findings : [ok(mount ? `is there, on ${mount.type}` : 'is there', { where })];
}

function remoteKind({ type, at }: Mount): string | undefined {
  if (REMOTE.test(type)) return `the network file system ${type} (mounted at ${at})`;
  // NTFS and exFAT disks are local, even when a FUSE driver serves them.
  if (type === 'fuseblk' || !type.startsWith('fuse')) return undefined;
  return /fuse-overlayfs/.test(type) ? undefined : `the FUSE file system ${type} (mounted at ${at})`;
}
