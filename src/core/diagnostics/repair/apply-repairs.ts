import { linkSync, lstatSync, readFileSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { StoreLock } from '../../database/locks.ts';
import { syncFolder, writeFileDurably } from '../../fs/atomic-file.ts';
import type { HomePaths } from '../../fs/paths.ts';
import { makePrivateFolders } from '../../fs/private-folder.ts';
import { unavailable } from '../../fs/system-errors.ts';
import { QuickscrapeError } from '../../lib/errors.ts';
import type { FilePlan } from './plan-files.ts';

/** Result of a repair. */
export interface RepairResult {
  name: string;
  /** `changed`: another process changed the file meanwhile, so it was left alone. */
  outcome: 'repaired' | 'changed';
}

/** Returns the backup folder for files that a repair at `now` (epoch ms) replaces. */
export function backupFolder(paths: HomePaths, now: number): string {
  return join(paths.home, 'backups', `repair-${new Date(now).toISOString().replaceAll(':', '-')}`);
}

/**
 * Repairs job files as planned, under the store lock. Each file is copied to the backup first, then replaced
 * atomically. A file that has changed since the plan is left alone.
 * @throws QuickscrapeError `store_unavailable` when the lock stays taken or a file operation fails
 */
export async function applyRepairs(
  paths: HomePaths,
  plans: readonly FilePlan[],
  backup: string,
): Promise<RepairResult[]> {
  const lock = new StoreLock(join(paths.locks, 'store.db'));
  try {
    return await lock.withLock(async () => {
      const done: RepairResult[] = [];
      for (const plan of plans)
        done.push({ name: plan.name, outcome: await repairFile(paths.jobs, plan, backup) });
      return done;
    });
  } finally {
    lock.close();
  }
}

class FileChangedError extends Error {}

async function repairFile(folder: string, plan: FilePlan, backup: string): Promise<RepairResult['outcome']> {
  const { name, before, text, newName } = plan;
  if (before === undefined) return 'changed';
  const file = join(folder, name);
  const assertUnchanged = (content: string | Buffer) => {
    if (!hasContent(file, Buffer.from(content))) throw new FileChangedError();
  };
  try {
    assertUnchanged(before);
    makePrivateFolders(backup);
    await writeFileDurably(join(backup, name), before);
    if (text !== undefined)
      await writeFileDurably(file, text, { beforeReplace: () => assertUnchanged(before) });
    if (newName !== undefined) {
      assertUnchanged(text ?? before);
      renameFile(folder, name, newName);
      await syncFolder(folder);
    }
    return 'repaired';
  } catch (error) {
    if (error instanceof FileChangedError) return 'changed';
    throw error instanceof QuickscrapeError ? error : unavailable(`cannot repair ${file}`, error);
  }
}

function hasContent(file: string, content: Buffer): boolean {
  try {
    return lstatSync(file).isFile() && readFileSync(file).equals(content);
  } catch {
    return false;
  }
}

/** Unlike rename(), link() never replaces a file that was created meanwhile. */
function renameFile(folder: string, from: string, to: string): void {
  const [old, young] = [join(folder, from), join(folder, to)];
  const there = lstatSync(young, { throwIfNoEntry: false });
  if (there === undefined) linkSync(old, young);
  else if (there.ino !== lstatSync(old).ino) throw new FileChangedError();
  unlinkSync(old);
}
