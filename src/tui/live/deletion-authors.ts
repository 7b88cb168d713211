import { ifAvailable } from '../../core/fs/unavailable.ts';
import { Trash } from '../../core/trash/trash.ts';
import type { Workspace } from '../../core/workspace.ts';
import type { Author } from '../home/home-data.ts';

/** A deletion may have been seen so much later than it happened. */
const LATE_MS = 60_000;

/**
 * Whose doing it was that a job is gone. The trash knows; a file that did not go there was removed by hand.
 * @param since when the job was last known to be there, epoch ms: an earlier deletion is another one
 */
export function findDeletionAuthors(
  { paths }: Pick<Workspace, 'paths'>,
  since: number,
): (jobId: string) => Author {
  const trashed = ifAvailable(() => new Trash(paths.trash).list());
  if (trashed === undefined) return () => null;
  const recent = trashed.filter(({ deletedAt }) => deletedAt >= since - LATE_MS);
  const latest = new Map(recent.toReversed().map(({ id, by }) => [id, by]));
  return (jobId) => (latest.has(jobId) ? (latest.get(jobId) ?? null) : 'hand');
}
