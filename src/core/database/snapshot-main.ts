import { constants, setPriority } from 'node:os';
import process from 'node:process';
import { DAMAGED_EXIT_CODE, DamagedSnapshotError, takeSnapshot } from './snapshots.ts';
import { isPossibleDamage } from './sql-errors.ts';

/**
 * `snapshot.js DATABASE INSTANT`: takes a snapshot in a separate process, as copying a large database takes seconds.
 */
function main(database = '', instant = ''): void {
  try {
    // Runs have priority over snapshots.
    setPriority(constants.priority.PRIORITY_LOW);
  } catch {}
  try {
    takeSnapshot(database, Number(instant));
  } catch (error) {
    const isDamaged = error instanceof DamagedSnapshotError || isPossibleDamage(error);
    process.exitCode = isDamaged ? DAMAGED_EXIT_CODE : 1;
    process.stderr.write(error instanceof Error ? error.message : String(error));
  }
}

main(...process.argv.slice(2));
