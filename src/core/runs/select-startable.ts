import type { RunRecord } from '../model/run-record.ts';

type Candidate = Pick<RunRecord, 'jobId' | 'host'>;

/**
 * Those of several startable runs that may start beside each other: one a job (whether its next one may follow is asked
 * anew), and no more than `perHost` on a host, with those under way.
 * @param batch runs that may each start alone, best first
 */
export function selectStartable<Run extends Candidate>(
  batch: readonly Run[],
  running: readonly Candidate[],
  perHost: number,
): Run[] {
  const jobs = new Set<string>();
  const onHost = new Map<string | null, number>();
  const count = ({ host }: Candidate) => onHost.set(host, (onHost.get(host) ?? 0) + 1);
  for (const run of running) count(run);
  return batch.filter((run) => {
    if (jobs.has(run.jobId)) return false;
    if (run.host !== null && (onHost.get(run.host) ?? 0) >= perHost) return false;
    jobs.add(run.jobId);
    count(run);
    return true;
  });
}
