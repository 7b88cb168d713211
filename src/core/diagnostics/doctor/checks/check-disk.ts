import type { FreeSpace } from '../../../lib/free-space.ts';
import { createFindings, type Finding } from '../finding.ts';

export interface DiskFacts {
  home: string;
  free: FreeSpace;
  /** The setting `min_free_space`, MiB; 0 is off. */
  minFreeMiB: number;
}

const MIB = 1024 * 1024;
const MIN_FREE_INODES = 1_000;
/** A scheduler sweeps a minute after its start; the setting `keep_runs` is only for new jobs. */
const KEEP_FEWER_RUNS_HINT =
  'a job keeps fewer with: quickscrape job update JOB --keep-runs 10, then quickscrape scheduler restart';

/** Whether there is room for runs to start and to store what they find. */
export function checkDisk({
  home,
  free: { bytes: free, files: freeFiles },
  minFreeMiB,
}: DiskFacts): Finding[] {
  const { ok, warning, problem } = createFindings('disk');
  const where = home;
  if (free === null) return [ok('the system does not say how much is free', { where })];
  const amount =
    free >= 10 * 1024 * MIB ? `${Math.floor(free / MIB / 1024)} GiB` : `${Math.floor(free / MIB)} MiB`;
  const room = `delete what is not needed; ${KEEP_FEWER_RUNS_HINT}`;
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
        fix: `delete many small files, such as old runs: ${KEEP_FEWER_RUNS_HINT}`,
      }),
    );
  }
  return findings.length > 0 ? findings : [ok(`${amount} are free`, { where })];
}
