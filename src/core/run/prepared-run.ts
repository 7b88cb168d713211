import { randomUUID } from 'node:crypto';
import { closeSync, lstatSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { HomePaths } from '../paths.ts';
import { startWaiting } from '../process/detached.ts';
import { tempNameOf } from '../store/atomic-file.ts';
import { makeOwnFolder } from '../store/own-folder.ts';
import { orUnavailable } from '../store/unavailable.ts';
import { makeRunFolder, openToAppend, type RunFiles } from './run-files.ts';
import { GO, runProgram } from './run-program.ts';
import { runMark } from './run-tree.ts';

/** The process of a run that does not exist yet: it has been started before its instant, and waits. */
export interface PreparedRun {
  /** What it claims its run with. */
  readonly token: string;
  /** Settles when its process has ended, whether it was told to begin or not: how, in words. */
  readonly ended: Promise<string>;
  /** Has it begin, with its log where the run's lies; false when it cannot: then it has been called off. */
  go(files: RunFiles): boolean;
  /** Ends it; nothing is left of it. */
  callOff(): void;
}

/**
 * Starts the process of a run before its instant. It is exactly the one that would be started then, but that it waits
 * before it looks at anything. Until then its log lies under a name of its own, so that what comes to nothing leaves no
 * folder, and is never in the way of another start of the same run.
 * @throws QuickscrapeError `store_unavailable`
 */
export function prepareRun(paths: HomePaths, runId: string): PreparedRun {
  const token = randomUUID();
  const log = tempNameOf(join(paths.runs, 'run.log'));
  const descriptor = orUnavailable(`cannot open the log ${log}`, () => {
    makeOwnFolder(dirname(log));
    return openToAppend(log);
  });
  const args = ['--run', runId, '--token', token, '--wait', log];
  const program = startWaiting(runProgram(paths, args), paths.home, descriptor, runMark(runId, token));
  closeSync(descriptor);
  const callOff = () => {
    program.kill();
    removeQuietly(log);
  };
  void program.ended.then(() => removeQuietly(log));
  return {
    token,
    ended: program.ended,
    go(files) {
      if (!program.hasEnded() && becomesLog(log, files)) {
        program.tell(GO);
        return true;
      }
      callOff();
      return false;
    },
    callOff,
  };
}

function removeQuietly(log: string): void {
  try {
    rmSync(log, { force: true });
  } catch {
    // What is left is swept: its name says that it is nobody's.
  }
}

function becomesLog(log: string, files: RunFiles): boolean {
  try {
    makeRunFolder(files);
    if (lstatSync(files.log, { throwIfNoEntry: false })) return false;
    renameSync(log, files.log);
    return true;
  } catch {
    // An ordinary start says what is wrong.
    return false;
  }
}
