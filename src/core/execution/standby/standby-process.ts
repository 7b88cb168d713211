import { randomUUID } from 'node:crypto';
import { closeSync } from 'node:fs';
import type { HomePaths } from '../../fs/paths.ts';
import { type DetachedProcess, startDetachedWithInput } from '../../process/detached-process.ts';
import type { RunFiles } from '../../runs/run-files.ts';
import { runProcessArgs, START } from '../run-process-args.ts';
import { runMark } from '../run-process-tree.ts';
import { createStagedLog } from './staged-log.ts';

/** A process that was started before its run begins, and waits. */
export interface StandbyProcess {
  /** The token with which it claims its run. */
  readonly token: string;
  /** Settles when the process has ended, whether started or discarded, with a description of how it ended. */
  readonly ended: Promise<string>;
  /**
   * Starts the run, with its log moved to the run's files. Returns false when it cannot start; the process is then
   * discarded.
   */
  start(files: RunFiles): boolean;
  /** Ends the process and removes its files. */
  discard(): void;
}

/**
 * Starts a run's process before its instant. It is the same process as in an ordinary start, except that it waits
 * before it reads anything of the home.
 */
export function startStandby(paths: HomePaths, runId: string, begun?: RunFiles): StandbyProcess {
  const token = randomUUID();
  const log = createStagedLog(paths, begun);
  const args = ['--run', runId, '--token', token, '--wait', log.leftOver];
  let program: DetachedProcess;
  try {
    program = startDetachedWithInput(
      runProcessArgs(paths, args),
      paths.home,
      log.descriptor,
      runMark(paths, runId, token),
    );
  } finally {
    closeSync(log.descriptor);
  }
  const discard = () => {
    program.kill();
    log.remove();
  };
  void program.exited.then(() => log.remove());
  return {
    token,
    ended: program.exited,
    start(files) {
      if (!program.hasExited() && log.moveTo(files)) {
        program.writeLine(START);
        return true;
      }
      discard();
      return false;
    },
    discard,
  };
}
