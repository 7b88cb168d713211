import { shellQuote } from '../../../lib/shell-quote.ts';
import { createFindings, type Finding } from '../finding.ts';

/** A mounted file system: its type as the kernel names it, and where it is mounted. */
export interface Mount {
  type: string;
  at: string;
}

export interface HomeFacts {
  home: string;
  kind: 'folder' | 'missing' | 'other' | 'unreadable';
  /** Why it cannot be read. */
  error?: string | undefined;
  writable: boolean;
  readOnlyDisk: boolean;
  empty: boolean;
  /** Folders of a home that are not there. */
  missing: readonly string[];
  mount: Mount | undefined;
}

/** File systems over which SQLite's locks do not hold, or which another machine may write at the same time. */
const REMOTE = /^(?:nfs4?|cifs|smb3?|smbfs|afs|ceph|glusterfs|lustre|9p|beegfs|davfs|ncpfs|coda)$/;
const SYNCED = /dropbox|onedrive|google.?drive|icloud|nextcloud|syncthing|pcloud|mega/i;

/** Whether the home is there, is ours to use and lies on a local file system (promise 6). */
export function checkHome(facts: HomeFacts): Finding[] {
  const { ok, warning, problem } = createFindings('home');
  const { home, kind, mount } = facts;
  const where = home;
  if (kind === 'missing') {
    return [
      warning('there is no home folder yet', { where, fix: `quickscrape init --home ${shellQuote(home)}` }),
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
      problem('lies on a read-only file system: jobs can be looked at, not changed or run', {
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
      warning('is empty: no home yet', { where, fix: `quickscrape init --home ${shellQuote(home)}` }),
    );
  } else if (facts.missing.length > 0) {
    findings.push(warning(`lacks ${facts.missing.join(', ')}`, { where, fix: 'quickscrape doctor --fix' }));
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
  // Disks of NTFS and exFAT are local, also where a FUSE driver serves them.
  if (type === 'fuseblk' || !type.startsWith('fuse')) return undefined;
  return /fuse-overlayfs/.test(type) ? undefined : `the FUSE file system ${type} (mounted at ${at})`;
}

/**
 * The mount that a path lies on, out of the text of /proc/mounts.
 * @param path absolute, without symbolic links
 */
export function findMount(path: string, mounts: string): Mount | undefined {
  let best: Mount | undefined;
  for (const line of mounts.split('\n')) {
    const [, escaped, type] = line.split(' ');
    if (escaped === undefined || type === undefined) continue;
    // The kernel writes spaces and the like as octal escapes.
    const at = escaped.replaceAll(/\\([0-7]{3})/g, (_, code: string) =>
      String.fromCharCode(Number.parseInt(code, 8)),
    );
    const inside = at === '/' || path === at || path.startsWith(`${at}/`);
    // Of two at the same place the later one lies on top.
    if (inside && at.length >= (best?.at.length ?? 0)) best = { type, at };
  }
  return best;
}
