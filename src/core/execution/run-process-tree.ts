import { homeId } from '../fs/home-folder.ts';
import type { HomePaths } from '../fs/paths.ts';
import type { RunProcess, RunRecord } from '../model/run-record.ts';
import type { ProcessTree } from '../process/process-tree.ts';

type Home = Pick<HomePaths, 'home'>;

/**
 * Marks the process that executes one start of a run, and its child processes. A copy of the home has the same run, but
 * another mark.
 */
export function runMark(home: Home, runId: string, startToken: string): string {
  return `${runId}/${startToken}@${homeId(home.home) ?? ''}`;
}

/** Marks a command that was called at the end of a run, and its child processes. */
export function callbackMark(home: Home, runId: string): string {
  return `${runId}/callback@${homeId(home.home) ?? ''}`;
}

/**
 * Whether a run's process works for this home, and not for another home of which this one is a copy: only that home may
 * end it. A process that was claimed by a version that did not record its home counts as owned.
 */
export function isOwnedByHome(home: Home, process: RunProcess): boolean {
  return process.home === undefined || process.home === homeId(home.home);
}

/** Describes a run whose process belongs to another home. */
export function describeForeignProcess({ pid }: RunProcess): string {
  return `its process (pid ${pid}) belongs to another home, of which this one is a copy, or which was moved here from another disk: it was left alone`;
}

/** Returns the current attempt's processes that belong to this home, without those of a callback. */
export function runProcessTree(
  home: Home,
  run: Pick<RunRecord, 'runId' | 'startToken' | 'process'>,
): ProcessTree {
  const leaders = run.process && isOwnedByHome(home, run.process) ? [run.process] : [];
  return { leaders, mark: runMark(home, run.runId, run.startToken ?? '') };
}

/** Returns the processes of a run's callbacks, without the process that executes the run. */
export function callbackProcessTree(home: Home, runId: string): ProcessTree {
  return { leaders: [], mark: callbackMark(home, runId) };
}
