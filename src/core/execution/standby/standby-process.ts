import { randomUUID } from 'node:crypto';
import { closeSync } from 'node:fs';
import type { HomePaths } from '../../fs/paths.ts';
import { type DetachedProcess, startDetachedWithInput } from '../../process/detached-process.ts';
import type { RunFiles } from '../../runs/run-files.ts';
import { runProcessArgs, START } from '../run-process-args.ts';
import { runMark } from '../run-process-tree.ts';
import { createStagedLog } from './staged-log.ts';

/** The process of a run that does not exist yet: it has been started before its instant, and waits. */
export interface StandbyProcess {
  /** What it claims its run with. */
  readonly token: string;
  /** Settles when its process has ended, whether it was told to begin or not: how, in words. */
  readonly ended: Promise<string>;
  /** Has it begin, with its log where the run's lies; false when it cannot: then it has been called off. */
  start(files: RunFiles): boolean;
  /** Ends it; nothing is left of it. */
  discard(): void;
}

/**
 * Starts the process of a run before its instant. It is exactly the one that would be started then, but that it waits
 * before it looks at anything.
 * @param begun where the files of a run lie that may have been begun before: then it writes on in the log that is there
 * @throws QuickscrapeError `store_unavailable`
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
