import { existsSync } from 'node:fs';
import { onTestFinished } from 'vitest';
import { findLeaseHolder } from '../src/core/lease/lease.ts';
import { isActive, type RunRecord } from '../src/core/model/run-record.ts';
import { openWorkspace, type Workspace } from '../src/core/workspace.ts';
import { startProgram } from './program.ts';
import { sendSignal } from './send-signal.ts';
import { tempFolder } from './temp-folder.ts';
import { waitFor } from './wait-for.ts';

/** A home with one job, and schedulers on it in processes of their own. */
export interface ScheduledHome {
  workspace: Workspace;
  jobId: string;
  /** All runs of the job, newest first. */
  runs(): RunRecord[];
  /** The run once it is in one of these states. */
  runThat(statuses: readonly RunRecord['status'][], runId?: string): Promise<RunRecord>;
  /** Starts `quickscrape scheduler run`; resolves when it holds the lease. */
  startScheduler(
    env?: Record<string, string>,
  ): Promise<{ pid: number; kill(signal?: NodeJS.Signals): Promise<void> }>;
  disableJob(): Promise<void>;
}

/** Makes such a home; everything that it started has ended when the test has. */
export async function scheduledHome(
  yaml: string,
  job: Record<string, unknown>,
  home = tempFolder(),
): Promise<ScheduledHome> {
  const workspace = openWorkspace({ home, actor: 'library' });
  const jobId = 'watched';
  const runs = () => workspace.runs.list({ jobId, limit: 1_000 }).runs;
  onTestFinished(() => {
    // Workers may outlive their scheduler: end those whose runs the test left active.
    for (const { process: carrier, status } of existsSync(home) ? runs() : [])
      if (carrier && isActive(status)) killQuietly(carrier.pid);
    workspace.close();
  });
  await workspace.configs.write('source', yaml);
  await workspace.jobs.create({ id: jobId, fields: { config_name: 'source', ...job } }, 'library');
  return {
    workspace,
    jobId,
    runs,
    runThat: (statuses, runId) =>
      waitFor(`a run that is ${statuses.join(' or ')}`, () =>
        runs().find((run) => statuses.includes(run.status) && (runId === undefined || run.runId === runId)),
      ),
    async startScheduler(env = {}) {
      const child = startProgram(['scheduler', 'run'], { home, env });
      const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      await waitFor(
        'the scheduler to hold the lease',
        () => findLeaseHolder(workspace.db)?.process.pid === child.pid,
      );
      return {
        pid: child.pid ?? 0,
        async kill(signal = 'SIGKILL') {
          child.kill(signal);
          await ended;
        },
      };
    },
    async disableJob() {
      await workspace.jobs.update(jobId, { enabled: false }, { by: 'library' });
    },
  };
}

function killQuietly(pid: number): void {
  try {
    sendSignal({ pid }, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}
