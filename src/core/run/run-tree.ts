import type { ProcessTree } from '../process/tree.ts';
import type { RunRecord } from './record.ts';

/** Marks the process that carries one start of a run, and what it starts. */
export function runMark(runId: string, startToken: string): string {
  return `${runId}/${startToken}`;
}

/** Marks a command that the end of a run called, and what it starts. */
export function callbackMark(runId: string): string {
  return `${runId}/callback`;
}

/** The processes of the attempt under way; not those of a command that the run's end calls. */
export function treeOfRun(run: Pick<RunRecord, 'runId' | 'startToken' | 'process'>): ProcessTree {
  return { leaders: run.process ? [run.process] : [], mark: runMark(run.runId, run.startToken ?? '') };
}

/** The processes of the commands that a run's end called; their carrier is none of them. */
export function treeOfCallback(runId: string): ProcessTree {
  return { leaders: [], mark: callbackMark(runId) };
}
