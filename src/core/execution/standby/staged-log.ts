import { fstatSync, lstatSync, renameSync, rmSync, type Stats } from 'node:fs';
import { dirname, join } from 'node:path';
import { tempFileName } from '../../fs/atomic-file.ts';
import type { HomePaths } from '../../fs/paths.ts';
import { makePrivateFolder } from '../../fs/private-folder.ts';
import { isSystemError, wrapUnavailable } from '../../fs/unavailable.ts';
import { makeRunFolder, openRunLog, openToAppend, type RunFiles } from '../../runs/run-files.ts';

/** The log of a process that waits for its run. */
export interface StagedLog {
  /** Open to append; the caller closes it. */
  readonly descriptor: number;
  /** The file that is left over when the process is not told to begin; empty: none. */
  readonly leftOver: string;
  /** Makes it the log of the run, whose files lie there; false when that has another one. */
  moveTo(files: RunFiles): boolean;
  /** Removes what is left over; does nothing once it is the run's. */
  remove(): void;
}

/**
 * Opens the log of a process that waits for its run. Until this begins it lies under a name of its own, so that what comes to
 * nothing leaves no folder, and is never in the way of another start of the same run; a run that has one already goes on with
 * that, in which a process writes nothing while it waits.
 * @param begun where the files of a run lie that may have been begun before
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
        // An ordinary start says what is wrong.
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
        // What is left is swept: its name says that it is nobody's.
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
      // The same words each time: who fails every second is heard once a minute.
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
    // An ordinary start says what is wrong.
    return false;
  }
}

function fileAt(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}
