import { pluralize } from '../../../lib/pluralize.ts';
import { shellQuote } from '../../../lib/shell-quote.ts';
import { createFindings, type Finding } from '../finding.ts';

/** A file or folder of the home. `path` is relative to it, `''` is the home itself. */
export interface Entry {
  path: string;
  kind: 'file' | 'folder' | 'link' | 'other';
  /** The permission bits. */
  mode: number;
  uid: number;
}

export interface PermissionFacts {
  home: string;
  /** Who asks; `undefined` where the system knows no such numbers (Windows). */
  uid: number | undefined;
  entries: readonly Entry[];
  /** What could not be looked into, relative to the home. */
  unreadable: readonly string[];
  secrets: string;
}

/**
 * Folders are 0700 and files 0600 (docs/contributing/adr/0001). Within a home that nobody else can enter, files that an editor made
 * readable to all are in no danger; what others may write, secrets, and files of another owner always count.
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
      fix: `sudo -u '#${top.uid}' quickscrape doctor --home ${shellQuote(home)}`,
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
  const open = top !== undefined && (top.mode & 0o011) !== 0;
  const findings: Finding[] = [];

  const writable = inner.filter(({ mode }) => (mode & 0o022) !== 0);
  if (writable.length > 0) {
    const message = `others may write ${describeEntries(writable)}`;
    const details = { where: at(home, writable), fix: `chmod -R go-w ${shellQuote(home)}` };
    findings.push(open ? problem(message, details) : warning(message, details));
  }
  const secrets = inner.find(({ path, mode }) => path === facts.secrets && (mode & 0o044) !== 0);
  if (secrets) {
    const file = `${home}/${secrets.path}`;
    findings.push(
      problem(`others may read the secrets (mode ${octal(secrets.mode)})`, {
        where: file,
        fix: `chmod 600 ${shellQuote(file)}`,
      }),
    );
  }
  const readable = open ? inner.filter((entry) => entry !== secrets && (entry.mode & 0o044) !== 0) : [];
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
