import type { QuickscrapeDatabase } from '../database/database.ts';
import type { JobEntry, UnnoticedEdit, ValidJob } from '../model/job-record.ts';
import type { JobStates } from './job-states.ts';

type EditedJob = ValidJob & { unnoticed: UnnoticedEdit };

export function isEdited(entry: JobEntry): entry is EditedJob {
  return entry.kind === 'valid' && entry.unnoticed !== undefined;
}

/**
 * Takes note of the definitions that the database does not know, in one transaction; nothing is written when there
 * are none.
 * @param witness asks the files of jobs that the database had no definition of what it may have lost; gives those whose
 *   state has changed by it
 * @returns by id, the jobs as they are now; those that another process was faster to note, or that have to be read
 *   anew, are left out
 * @throws QuickscrapeError `store_unavailable`
 */
export function recordHandEdits(
  db: QuickscrapeDatabase,
  states: JobStates,
  entries: readonly JobEntry[],
  witness: (noted: readonly ValidJob[]) => ReadonlySet<string> = () => new Set(),
): Map<string, ValidJob> {
  const edited = entries.filter(isEdited);
  if (edited.length === 0) return new Map();
  return db.transaction(() => {
    const noted = edited.filter(({ id, record, state, unnoticed: { knownHash, rescheduled, ...hashes } }) => {
      const { revision, updatedAt, updatedBy } = record;
      const { watermark } = state;
      return states.saveIf(
        id,
        knownHash,
        { revision, updatedAt, updatedBy, watermark, ...hashes },
        rescheduled,
      );
    });
    const changed = witness(noted.filter(({ unnoticed }) => unnoticed.knownHash === undefined));
    return new Map(noted.flatMap((entry) => (changed.has(entry.id) ? [] : [[entry.id, toRecorded(entry)]])));
  });
}

/** The entry as it is read once it is noted: the database keeps whole milliseconds. */
function toRecorded({ unnoticed: _, record, ...entry }: EditedJob): ValidJob {
  return { ...entry, record: { ...record, updatedAt: Math.floor(record.updatedAt) } };
}
