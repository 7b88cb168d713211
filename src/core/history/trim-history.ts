import type { HistoryFile } from './history-file.ts';

/** The most values of a job, about 400 MB. Beyond it, those of the oldest runs are removed. */
export const MAX_HISTORY_VALUES = 5_000_000;
/** The share that is removed at once, so that it is seldom done. */
const TRIMMED_SHARE = 0.1;

/**
 * Removes the values of the oldest runs when there are too many; the last value of each row and field stays.
 * @param max only tests give another limit
 */
export function trimHistory(file: HistoryFile, max = MAX_HISTORY_VALUES): void {
  const runs = file.query<{ id: number; number: number }>(
    'SELECT id, number FROM runs WHERE number > 0 ORDER BY id DESC',
  );
  const total = runs.reduce((sum, { number }) => sum + number, 0);
  if (total <= max) return;
  let kept = 0;
  const oldest = runs.find(({ number }) => {
    kept += number;
    return kept > max * (1 - TRIMMED_SHARE);
  });
  if (oldest === undefined) return;
  file.wrap(() => {
    const { connection } = file;
    connection
      .prepare(
        `DELETE FROM changes WHERE run <= ? AND EXISTS (
           SELECT 1 FROM changes AS later
           WHERE later.item = changes.item AND later.field = changes.field AND later.run > changes.run)`,
      )
      .run([oldest.id]);
    connection
      .prepare(
        `UPDATE runs SET number = (SELECT count(*) FROM fields JOIN changes ON field = fields.id AND run = runs.id)
         WHERE id <= ? AND number > 0`,
      )
      .run([oldest.id]);
  });
}
