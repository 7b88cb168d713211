import { homeId } from '../fs/home-id.ts';
import type { HomePaths } from '../fs/paths.ts';
import type { RunProcess, RunRecord } from '../model/run-record.ts';
import type { ProcessTree } from '../process/process-tree.ts';

type Home = Pick<HomePaths, 'home'>;

/** Marks the process that carries one start of a run, and what it starts. A copy of the home has the same run, not the mark. */
export function runMark(home: Home, runId: string, startToken: string): string {
  return `${runId}/${startToken}@${homeId(home.home) ?? ''}`;
}

/** Marks a command that the end of a run called, and what it starts. */
export function callbackMark(home: Home, runId: string): string {
  return `${runId}/callback@${homeId(home.home) ?? ''}`;
}

/**
 * Whether a run's process works for this home, and not for the one of which this is a copy: there it is another's to end.
 * One that was claimed by a version that did not note its home counts as ours.
 */
export function isOwnedByHome(home: Home, process: RunProcess): boolean {
  return process.home === undefined || process.home === homeId(home.home);
}

/** What is said of a run in a copy of its home. */
export function describeForeignProcess({ pid }: RunProcess): string {
  return `its process (pid ${pid}) belongs to another home, of which this one is a copy, or which was moved here from another disk: it was left alone`;
}

/** The processes of the attempt under way that are this home's; not those of a command that the run's end calls. */
export function runProcessTree(
  home: Home,
  run: Pick<RunRecord, 'runId' | 'startToken' | 'process'>,
): ProcessTree {
  const leaders = run.process && isOwnedByHome(home, run.process) ? [run.process] : [];
  return { leaders, mark: runMark(home, run.runId, run.startToken ?? '') };
}

/** The processes of the commands that a run's end called; their carrier is none of them. */
export function callbackProcessTree(home: Home, runId: string): ProcessTree {
  return { leaders: [], mark: callbackMark(home, runId) };
}
