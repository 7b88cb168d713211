import { execFile } from 'node:child_process';
import process from 'node:process';
import {
  DAMAGED_EXIT_CODE,
  isSnapshotDue,
  snapshotBytes,
  sweepSnapshotTemps,
} from '../database/snapshots.ts';
import { diskSpace } from '../fs/disk-space.ts';
import { programFile } from '../lib/program.ts';
import type { Workspace } from '../workspace.ts';
import type { SchedulerLog } from './scheduler-log.ts';

/** Outcome of a snapshot; `damaged` means that the database itself could not be read. */
export type SnapshotOutcome = { kind: 'taken' } | { kind: 'damaged' | 'failed'; message: string };

/** Takes a snapshot in a separate process; the signal ends that process. Never rejects. */
export type TakeSnapshot = (database: string, now: number, signal: AbortSignal) => Promise<SnapshotOutcome>;

/**
 * Takes a snapshot of the database when the newest is older than a day. The disk must have room for it in addition to
 * the space that runs need. A database that turns out to be damaged is replaced. Any other failure is logged, and the
 * next check tries again.
 */
export async function takeDueSnapshot(
  workspace: Workspace,
  log: SchedulerLog,
  signal: AbortSignal,
  take: TakeSnapshot = takeInProcess,
  freeBytes?: (folder: string) => number | null,
): Promise<void> {
  const { clock, db } = workspace;
  try {
    if (!isSnapshotDue(db.file, clock.now())) return;
    sweepSnapshotTemps(db.file);
    const { free, needed } = diskSpace(workspace, freeBytes);
    const bytes = snapshotBytes(db.file);
    if (free !== null && free < needed + bytes) {
      log(
        'warn',
        `no snapshot of the database was taken: it needs ${mib(bytes)} besides the ${mib(needed)} for runs (min_free_space), and ${mib(free)} are free`,
      );
      return;
    }
    const outcome = await take(db.file, clock.now(), signal);
    if (signal.aborted) return;
    if (outcome.kind !== 'taken') log('warn', `no snapshot of the database was taken: ${outcome.message}`);
    if (outcome.kind === 'damaged') db.verify();
  } catch (error) {
    log(
      'warn',
      `no snapshot of the database was taken: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function takeInProcess(database: string, now: number, signal: AbortSignal): Promise<SnapshotOutcome> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [programFile('snapshot'), database, String(now)],
      { signal, killSignal: 'SIGKILL', windowsHide: true },
      (error, _, stderr) => {
        if (!error) resolve({ kind: 'taken' });
        else
          resolve({
            kind: error.code === DAMAGED_EXIT_CODE ? 'damaged' : 'failed',
            message: stderr || error.message,
          });
      },
    );
  });
}

function mib(bytes: number): string {
  return `${Math.ceil(bytes / 1024 / 1024)} MiB`;
}
