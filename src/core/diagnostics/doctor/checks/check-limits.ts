import { createFindings, type Finding } from '../finding.ts';

/** Limits of the system; `undefined` where it has none or does not say. */
export interface LimitFacts {
  /** Folders and files that one user may watch (inotify). */
  maxWatches: number | undefined;
  /** Watchers that one user may have. */
  maxInstances: number | undefined;
  /** Watchers that this user's processes have now. */
  usedInstances: number | undefined;
  /** Files that one process may have open. */
  openFiles: number | undefined;
  jobFiles: number;
}

/** The scheduler watches folders, not files: what it needs besides other programs' watches. */
const MIN_WATCHES = 1_000;
const MIN_FREE_INSTANCES = 4;
const MIN_OPEN_FILES = 1_024;

/** Limits that make changes to job files be seen late, or runs fail. */
export function checkLimits(facts: LimitFacts): Finding[] {
  const { ok, warning } = createFindings('limits');
  const { maxWatches, maxInstances, usedInstances, openFiles, jobFiles } = facts;
  const late = 'changes to job files are then seen after up to 30 s instead of at once';
  const findings: Finding[] = [];
  if (maxWatches !== undefined && maxWatches < MIN_WATCHES + jobFiles) {
    findings.push(
      warning(`one user may watch ${maxWatches} files (inotify), which other programs may use up: ${late}`, {
        fix: 'sudo sysctl fs.inotify.max_user_watches=524288',
      }),
    );
  }
  if (
    maxInstances !== undefined &&
    usedInstances !== undefined &&
    maxInstances - usedInstances < MIN_FREE_INSTANCES
  ) {
    findings.push(
      warning(`${usedInstances} of ${maxInstances} file watchers (inotify) are in use: ${late}`, {
        fix: 'sudo sysctl fs.inotify.max_user_instances=1024',
      }),
    );
  }
  if (openFiles !== undefined && openFiles < MIN_OPEN_FILES) {
    findings.push(
      warning(`a process may have only ${openFiles} files open`, { fix: `ulimit -n ${MIN_OPEN_FILES * 4}` }),
    );
  }
  return findings.length > 0 ? findings : [ok('watches and open files suffice')];
}

/** The soft limit of open files, out of /proc/self/limits; `undefined` for none or no limit. */
export function openFilesLimit(limits: string): number | undefined {
  const soft = /^Max open files\s+(\S+)/m.exec(limits)?.[1];
  return soft === undefined || soft === 'unlimited' ? undefined : Number(soft);
}
