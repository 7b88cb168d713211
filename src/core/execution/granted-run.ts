import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileDurably } from '../fs/atomic-file.ts';
import { makePrivateFolder } from '../fs/private-folder.ts';
import { readRegularFile } from '../fs/read-regular-file.ts';
import { refuseLink } from '../fs/symlinks.ts';
import type { JobDefinition } from '../model/definition.ts';
import type { RunRecord } from '../model/run-record.ts';
import type { RunFiles } from '../runs/run-files.ts';

const MAX_BYTES = 16 * 1024 * 1024;

/**
 * What a worker on another machine was given for a run. The home finishes the run with the same, even if the job or the
 * configuration was edited meanwhile, and restores the run's row from it after a loss of the database.
 */
export interface GrantedRun {
  /** Identifies the claim: the same claim gets the same grant again. */
  claim: string;
  /** The run as it was claimed. */
  run: RunRecord;
  definition: JobDefinition;
  config: { yaml: string; file: string; isClientText: boolean };
  /** The size of the run's log when it was claimed, in bytes. */
  logBytes: number;
  /** The sizes of what an earlier attempt has left for it, in bytes: it continues there. */
  earlier?: { items: number; checkpoint: number };
  /** Why it starts from the first page, where that is worth telling. */
  startsOver?: string;
}

/** The folder in a run's folder for all that arrives from a worker beside the rows and the log. */
export function incomingFolder({ folder }: Pick<RunFiles, 'folder'>): string {
  return join(folder, 'incoming');
}

/**
 * Records the grant of an attempt.
 * @throws QuickscrapeError `not_allowed` for a link; system errors
 */
export async function saveGrantedRun(files: RunFiles, granted: GrantedRun): Promise<void> {
  const folder = incomingFolder(files);
  refuseLink(folder);
  makePrivateFolder(folder);
  // On the disk before the worker begins: a claim without it is taken for one that was never answered.
  await writeFileDurably(join(folder, 'grant.json'), JSON.stringify(granted));
}

/** @returns `undefined` when there is none, or it cannot be read */
export function readGrantedRun(files: RunFiles): GrantedRun | undefined {
  try {
    return JSON.parse(
      readRegularFile(join(incomingFolder(files), 'grant.json'), MAX_BYTES).toString('utf8'),
    ) as GrantedRun;
  } catch {
    return undefined;
  }
}

/**
 * Keeps the cookies with which an attempt has ended until the run is finished.
 * @throws system errors
 */
export async function saveCollectedCookies(files: RunFiles, cookies: string | null): Promise<void> {
  if (cookies !== null) await writeFileDurably(cookiesFile(files), cookies, { sync: false });
}

/** Returns the cookies of {@link saveCollectedCookies}; null when there are none. */
export function readCollectedCookies(files: RunFiles): string | null {
  const file = cookiesFile(files);
  return existsSync(file) ? readRegularFile(file, MAX_BYTES).toString('utf8') : null;
}

/** Removes all that has arrived from a worker beside the rows and the log. */
export function removeIncoming(files: RunFiles): void {
  rmSync(incomingFolder(files), { recursive: true, force: true });
}

function cookiesFile(files: RunFiles): string {
  return join(incomingFolder(files), 'cookies.json');
}
