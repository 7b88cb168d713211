import { randomUUID } from 'node:crypto';
import { closeSync, fstatSync, lstatSync, renameSync, rmSync, type Stats } from 'node:fs';
import { dirname, join } from 'node:path';
import { tempFileName } from '../fs/atomic-file.ts';
import type { HomePaths } from '../fs/paths.ts';
import { makePrivateFolder } from '../fs/private-folder.ts';
import { isSystemError, wrapUnavailable } from '../fs/system-errors.ts';
import { type DetachedProcess, startDetachedWithInput } from '../process/detached-process.ts';
import { makeRunFolder, openRunLog, openToAppend, type RunFiles } from '../runs/run-files.ts';
import { runMark, runProcessArgs, START } from './run-process.ts';

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

/** The log of a standby process. */
interface StagedLog {
  /** Open for appending; the caller closes it. */
  readonly descriptor: number;
  /** The temporary file that remains when the process is discarded; empty: none. */
  readonly leftOver: string;
  /**
   * Moves it to the run's folder as the run's log; returns false when the run has another log, or when the move fails.
   */
  moveTo(files: RunFiles): boolean;
  /** Removes the temporary file; does nothing once it is the run's log. */
  remove(): void;
}

/**
 * Opens the log of a standby process. Until the run begins, the log has a temporary name. A discarded process therefore
 * leaves no folder, and never blocks another start of the same run. A run that already has a log continues it; a
 * standby process writes nothing to it while it waits.
 * @param begun the files of a run that may have been begun before
 * @throws QuickscrapeError `store_unavailable`; `not_allowed` where a link would lead out of the home
 */
export function createStagedLog(paths: HomePaths, begun: RunFiles | undefined): StagedLog {
  return begun && fileAt(begun.log) ? logOf(begun) : logOfItsOwn(paths);
}

function logOf(begun: RunFiles): StagedLog {
  const descriptor = openRunLog(begun);
  const opened = fstatSync(descriptor);
  return {
    descriptor,
    leftOver: '',
    moveTo({ log }) {
      try {
        const now = fileAt(log);
        return now !== undefined && now.ino === opened.ino && now.dev === opened.dev;
      } catch {
        // The ordinary start that follows reports the error.
        return false;
      }
    },
    remove() {},
  };
}

function logOfItsOwn(paths: HomePaths): StagedLog {
  const file = tempFileName(join(paths.runs, 'run.log'));
  return {
    descriptor: openNew(file),
    leftOver: file,
    moveTo: (files) => renamed(file, files),
    remove() {
      try {
        rmSync(file, { force: true });
      } catch {
        // Retention removes the file later: its name marks it as temporary.
      }
    },
  };
}

function openNew(file: string): number {
  const folder = dirname(file);
  return wrapUnavailable(`cannot open a log in ${folder}`, () => {
    makePrivateFolder(folder);
    try {
      return openToAppend(file);
    } catch (error) {
      // Replaces the random file name, so that a repeated error has the same text and is logged only once a minute.
      if (isSystemError(error)) error.message = error.message.replaceAll(file, folder);
      throw error;
    }
  });
}

function renamed(file: string, files: RunFiles): boolean {
  try {
    makeRunFolder(files);
    if (fileAt(files.log)) return false;
    renameSync(file, files.log);
    return true;
  } catch {
    // The ordinary start that follows reports the error.
    return false;
  }
}

function fileAt(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}
