import { watchChanges } from '../../core/changes.ts';
import { callOperation, type OperationOutput } from '../../core/operations/call-operation.ts';
import type { JobSummary } from '../../core/operations/job-summary.ts';
import type { Workspace } from '../../core/workspace.ts';
import type { Event } from '../state/event.ts';
import { failureOf } from './failure.ts';

/** Changes are gathered for so long before the home is read again. */
const GATHER_MS = 100;

/** Reads the home, and again when it changes. Returns what ends that. */
export async function watchHome(
  workspace: Workspace,
  send: (event: Event) => void,
): Promise<() => Promise<void>> {
  let timer: NodeJS.Timeout | undefined;
  const read = async () => {
    try {
      const [jobs, scheduler] = [
        await allJobs(workspace),
        await callOperation(workspace, 'get_scheduler', {}),
      ];
      send({ kind: 'data', home: { jobs, scheduler, readAt: Date.now(), problem: undefined } });
    } catch (error) {
      send({ kind: 'data', home: { problem: failureOf(error).message } });
    }
  };
  await read();
  const watch = await watchChanges(workspace, () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      void read();
    }, GATHER_MS);
  });
  return async () => {
    clearTimeout(timer);
    await watch.close();
  };
}

async function allJobs(workspace: Workspace): Promise<JobSummary[]> {
  const jobs: JobSummary[] = [];
  let cursor: string | undefined;
  do {
    const page: OperationOutput<'list_jobs'> = await callOperation(workspace, 'list_jobs', {
      limit: 1000,
      ...(cursor !== undefined && { cursor }),
    });
    jobs.push(...page.jobs);
    cursor = page.next_cursor;
  } while (cursor !== undefined);
  return jobs;
}
