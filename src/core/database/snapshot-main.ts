import { constants, setPriority } from 'node:os';
import process from 'node:process';
import { DAMAGED_EXIT_CODE, DamagedSnapshotError, takeSnapshot } from './snapshots.ts';
import { isPossibleDamage } from './sql-errors.ts';

/** `snapshot.js DATABASE INSTANT`: a process of its own, as the copy of a large database takes seconds. */
function main(database = '', instant = ''): void {
  try {
    // Runs come first.
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
