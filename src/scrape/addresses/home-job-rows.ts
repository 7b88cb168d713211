import { closestNames } from '../../core/lib/closest-names.ts';
import { truncateList } from '../../core/lib/text.ts';
import { openRunItems } from '../../core/runs/item-file.ts';
import { createRowConcealer } from '../../core/runs/row-concealer.ts';
import type { Item } from '../../core/runs/run-files.ts';
import type { Workspace } from '../../core/workspace.ts';
import { ScrapeError } from '../lib/scrape-error.ts';

/** The rows of a job's last succeeded run. */
export interface JobRows {
  runId: string;
  rows: AsyncIterable<readonly Item[]>;
  /** Whether a text of a row holds a value that the author of the configuration must not know. */
  isHidden(text: string): boolean;
  close(): Promise<void>;
}

const MAX_NAMED = 10;

/**
 * Opens the rows of another job of the home.
 * @param isClients whether a program wrote the configuration, which sees the addresses of its pages
 * @throws ScrapeError `config` if there is no such job, or no succeeded run of it; QuickscrapeError when its rows are gone
 */
export async function openJobRows(
  { paths, jobs, runs, configs }: Pick<Workspace, 'paths' | 'jobs' | 'runs' | 'configs'>,
  job: string,
  isClients: boolean,
): Promise<JobRows> {
  if (jobs.get(job) === undefined) throw noJobError(job, jobs.ids());
  const [run] = runs.list({ jobId: job, status: 'succeeded', limit: 1 }).runs;
  if (run === undefined) {
    const latest = runs.latest(job);
    const last =
      latest === undefined ? 'It has not run yet' : `Its last run, ${latest.runId}, is ${latest.status}`;
    throw new ScrapeError('config', `urls_from: job ${job} has no succeeded run whose rows could be taken`, {
      hint: `${last}. Let it succeed first.`,
    });
  }
  const { conceal, lost } = isClients
    ? createRowConcealer({ paths, configs }, [run])
    : { conceal: undefined, lost: [] };
  if (lost.length > 0)
    throw new ScrapeError(
      'config',
      `urls_from: the rows of run ${run.runId} of job ${job} may hold a secret that has changed since`,
      {
        hint: 'An assistant saved this configuration, so it must not see the secret. Let the job run once more.',
      },
    );
  const items = await openRunItems(paths, run);
  async function* rows() {
    for await (const batch of items.items()) yield batch.map(({ item }) => item);
  }
  return {
    runId: run.runId,
    rows: rows(),
    isHidden: (text) => conceal !== undefined && conceal({ text })['text'] !== text,
    close: () => items.close(),
  };
}

/** The error for a job that is not there. */
export function noJobError(job: string, ids: readonly string[]): ScrapeError {
  const close = closestNames(job, ids);
  const hint =
    ids.length === 0
      ? 'The home has no jobs.'
      : close.length > 0
        ? `Did you mean ${close.join(' or ')}?`
        : `Jobs: ${truncateList(ids, MAX_NAMED)}.`;
  return new ScrapeError('config', `urls_from: there is no job "${job.slice(0, 100)}" in this home`, {
    hint,
  });
}
