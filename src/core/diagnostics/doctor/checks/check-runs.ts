import { formatDuration } from '../../../lib/format-duration.ts';
import { formatCommandHint } from '../../../lib/hints.ts';
import { describeFailures } from '../../../model/describe-failures.ts';
import { createFindings, type Finding } from '../finding.ts';

/** An active run. Instants are epoch milliseconds. */
export interface ActiveRunFact {
  runId: string;
  jobId: string;
  status: string;
  /** When it may start, or was queued. */
  notBefore: number;
  deadline: number | undefined;
  /** Whether its process lives; `undefined` when it has none yet. */
  alive: boolean | undefined;
}

export interface JobProblem {
  jobId: string;
  pausedAt: number | undefined;
  /** Consecutive failed runs. */
  failures: number;
  /** Why the job's last alert failed. */
  callbackFailure?: { at: number; message: string } | undefined;
}

export interface RunFacts {
  now: number;
  schedulerRuns: boolean;
  active: readonly ActiveRunFact[];
  problems: readonly JobProblem[];
  /** Whether the database could be read. */
  known: boolean;
}

const MAX_OVERDUE_MS = 3_600_000;
const MIN_FAILURES = 3;

/** Reports stuck runs, and jobs that fail repeatedly. */
export function checkRuns(facts: RunFacts): Finding[] {
  const { ok, warning, problem } = createFindings('runs');
  if (!facts.known) return [];
  const findings = [
    ...facts.active.flatMap((run) => checkActiveRun(run, facts)),
    ...facts.problems.flatMap((job) => [...checkAlert(job), ...checkFailures(job)]),
  ];
  if (findings.length > 0) return findings;
  return [ok(facts.active.length === 0 ? 'none is active' : `${facts.active.length} active`)];

  function checkAlert({ jobId, callbackFailure }: JobProblem): Finding[] {
    if (callbackFailure === undefined) return [];
    const at = new Date(callbackFailure.at).toISOString();
    return [
      problem(`the last alert of job ${jobId} did not go out (${at}): ${callbackFailure.message}`, {
        fix: `quickscrape job logs ${jobId}, then fix the command or its field`,
      }),
    ];
  }

  function checkFailures({ jobId, pausedAt, failures }: JobProblem): Finding[] {
    const historyCommand = `quickscrape job history ${jobId}`;
    if (pausedAt !== undefined) {
      const since = new Date(pausedAt).toISOString();
      return [
        warning(`job ${jobId} is paused since ${since}, after ${describeFailures(failures)}`, {
          fix: `${historyCommand}; ${formatCommandHint({ id: 'resume_job', job: jobId })}`,
        }),
      ];
    }
    if (failures < MIN_FAILURES) return [];
    return [
      warning(`job ${jobId} failed ${failures} times in a row`, { fix: `quickscrape job logs ${jobId}` }),
    ];
  }
}

function checkActiveRun(run: ActiveRunFact, { now, schedulerRuns }: RunFacts): Finding[] {
  const { warning } = createFindings('runs');
  const name = `run ${run.runId} of job ${run.jobId}`;
  const reconcileHint = schedulerRuns
    ? 'wait a moment: the scheduler settles it'
    : 'quickscrape doctor --fix';
  if (run.status === 'running' && run.alive !== true) {
    return [warning(`${name} counts as running, but its process is gone`, { fix: reconcileHint })];
  }
  if (run.deadline !== undefined && now - run.deadline > MAX_OVERDUE_MS) {
    return [
      warning(`${name} is ${formatDuration(now - run.deadline)} over its time limit`, {
        fix: `quickscrape job cancel ${run.runId}`,
      }),
    ];
  }
  if (run.status !== 'running' && now - run.notBefore > MAX_OVERDUE_MS) {
    const fix = schedulerRuns ? 'quickscrape scheduler status' : 'quickscrape scheduler start --daemon';
    return [warning(`${name} has been waiting for ${formatDuration(now - run.notBefore)}`, { fix })];
  }
  return [];
}
