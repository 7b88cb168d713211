import { HOUR_MS } from '../../../lib/clock.ts';
import { closestNames } from '../../../lib/closest-names.ts';
import { formatDuration } from '../../../lib/format-duration.ts';
import { commandHints, createHintFormatter, plainCommand } from '../../../lib/hints.ts';
import { describeUpgrade } from '../../../lib/installation.ts';
import { formatLocation, pluralize } from '../../../lib/text.ts';
import { describeFailures } from '../../../model/streak.ts';
import { type CheckName, createFindings, type Finding } from '../finding.ts';

/** A job file, as far as it could be parsed. */
export interface JobFact {
  id: string;
  kind: 'valid' | 'invalid' | 'newer';
  /** Relative to the home: `jobs/a.json`. */
  file: string;
  line?: number | undefined;
  column?: number | undefined;
  /** Why it is not a valid job, or which version it has. */
  reason?: string | undefined;
  /** For valid jobs only. */
  configName?: string | undefined;
  enabled?: boolean | undefined;
  /** The tags of workers that it asks for. */
  worker?: readonly string[] | undefined;
  /** The channels that it names. */
  channels?: readonly string[] | undefined;
  /** Fields that are probably misspelled, each with the intended name. */
  misspelt?: readonly { field: string; meant: string }[] | undefined;
  /** Probable mistakes in the commands that it calls, one sentence each. */
  commandWarnings?: readonly string[] | undefined;
  /** Why its values do not fit the parameters of its configuration, one sentence each. */
  paramWarnings?: readonly string[] | undefined;
}

interface JobFacts {
  jobs: readonly JobFact[];
  configs: readonly string[];
  /** Files in the jobs folder with names similar to a job's: `Books.JSON`, `books.json.txt`. */
  unseen: readonly string[];
  error: string | undefined;
}

const CHECK: CheckName = 'jobs';

/** Checks whether every job file is a job that can run. */
export function checkJobs({ jobs, configs, unseen, error }: JobFacts, command = plainCommand): Finding[] {
  const { ok, warning, problem } = createFindings(CHECK);
  if (error !== undefined)
    return [problem(`cannot be listed: ${error}`, { fix: 'check the permissions of jobs/' })];
  const findings = jobs.flatMap((job) => checkJob(job, configs));
  for (const file of unseen) {
    findings.push(
      warning('is not seen: the files of jobs end in .json', {
        where: file,
        fix: command('maintenance repair-jobs'),
      }),
    );
  }
  const valid = jobs.filter(({ kind }) => kind === 'valid').length;
  if (findings.some(({ status }) => status !== 'ok')) return findings;
  return [...findings, ok(`${pluralize(valid, 'valid job')}`)];

  function checkJob(job: JobFact, names: readonly string[]): Finding[] {
    const where = formatLocation(job.file, job.line, job.column);
    if (job.kind === 'newer') {
      return [
        warning(job.reason ?? 'of a newer version', {
          where,
          fix: describeUpgrade(),
        }),
      ];
    }
    if (job.kind === 'invalid') {
      return [
        problem(job.reason ?? 'not a valid job', {
          where,
          fix: command('maintenance repair-jobs --dry-run'),
        }),
      ];
    }
    const found = (job.misspelt ?? []).map(({ field, meant }) =>
      warning(`the field ${field} is not known and does nothing; did you mean ${meant}?`, {
        where,
        fix: `rename the field in ${job.file}`,
      }),
    );
    for (const text of job.commandWarnings ?? []) {
      const [field = ''] = text.split(':');
      const fix = command(`job update ${job.id} --${field.replaceAll('_', '-')} COMMAND`);
      found.push(warning(text.replace(/\.$/, ''), { where, fix }));
    }
    for (const text of job.paramWarnings ?? []) {
      const fix = command(`job update ${job.id} --param NAME=VALUE`);
      found.push((job.enabled ? problem : warning)(text.replace(/\.$/, ''), { where, fix }));
    }
    const config = job.configName;
    if (config !== undefined && !names.includes(config)) {
      const [close] = closestNames(config, names);
      const message = `names the configuration "${config}", which does not exist`;
      const fix = close
        ? command(`job update ${job.id} --config ${close}`)
        : `write configs/${config}.yaml, or: ${command(`job update ${job.id} --config NAME`)}`;
      found.push(job.enabled ? problem(message, { where, fix }) : warning(message, { where, fix }));
    }
    return found;
  }
}

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
  /** When its start was handed over to workers on other machines, if it was. */
  handedOverAt?: number | undefined;
  /** Whether a worker on another machine executes it, or shall: then it has no process here. */
  isRemote?: boolean;
}

export interface JobProblem {
  jobId: string;
  pausedAt: number | undefined;
  /** Consecutive failed runs. */
  failures: number;
  /** Why the job's last alert failed. */
  callbackFailure?: { at: number; message: string } | undefined;
}

interface RunFacts {
  now: number;
  schedulerRuns: boolean;
  active: readonly ActiveRunFact[];
  problems: readonly JobProblem[];
  /** Files of the rows that a job has written (`output.only`), which cannot be read. */
  damagedRows?: readonly { jobId: string; file: string; message: string }[] | undefined;
  damagedAddresses?: readonly { jobId: string; file: string; message: string }[] | undefined;
  /** Files with the history of a job's rows, which are damaged. */
  damagedHistories?: readonly { jobId: string; file: string; message: string }[] | undefined;
  /** Files of the addresses of active crawls, which are damaged. */
  damagedCrawls?: readonly { jobId: string; runId: string; file: string; message: string }[] | undefined;
  /** Whether the database could be read. */
  known: boolean;
}

const MAX_OVERDUE_MS = HOUR_MS;
const MIN_FAILURES = 3;

/** Reports stuck runs, and jobs that fail repeatedly. */
export function checkRuns(facts: RunFacts, command = plainCommand): Finding[] {
  const { ok, warning, problem } = createFindings('runs');
  if (!facts.known) return [];
  const findings = [
    ...facts.active.flatMap((run) => checkActiveRun(run, facts, command)),
    ...facts.problems.flatMap((job) => [...checkAlert(job), ...checkFailures(job)]),
    ...(facts.damagedRows ?? []).map(({ jobId, file, message }) =>
      problem(`the rows that job ${jobId} has written so far cannot be read: ${file}: ${message}`, {
        fix: 'move the file away; all rows then count as new, so move the output file away, too',
      }),
    ),
    ...(facts.damagedAddresses ?? []).map(({ jobId, file, message }) =>
      problem(`the addresses that job ${jobId} has fetched so far cannot be read: ${file}: ${message}`, {
        fix: 'move the file away; all addresses then count as new, and are fetched once more',
      }),
    ),
    ...(facts.damagedHistories ?? []).map(({ jobId, file, message }) =>
      problem(`the history of the rows of job ${jobId} is damaged: ${file}: ${message}`, {
        fix: 'move the file away; a new history then begins, with the items of the runs that are still there',
      }),
    ),
    ...(facts.damagedCrawls ?? []).map(({ jobId, runId, file, message }) =>
      warning(`the addresses of the crawl of run ${runId} of job ${jobId} are damaged: ${file}: ${message}`, {
        fix: 'nothing to do: its next attempt crawls from the beginning, with a new file',
      }),
    ),
  ];
  if (findings.length > 0) return findings;
  return [ok(facts.active.length === 0 ? 'none is active' : `${facts.active.length} active`)];

  function checkAlert({ jobId, callbackFailure }: JobProblem): Finding[] {
    if (callbackFailure === undefined) return [];
    const at = new Date(callbackFailure.at).toISOString();
    return [
      problem(`the last alert of job ${jobId} did not go out (${at}): ${callbackFailure.message}`, {
        fix: `${command(`job logs ${jobId}`)}, then fix the command or its field`,
      }),
    ];
  }

  function checkFailures({ jobId, pausedAt, failures }: JobProblem): Finding[] {
    const historyCommand = command(`job history ${jobId}`);
    if (pausedAt !== undefined) {
      const since = new Date(pausedAt).toISOString();
      const formatHint = createHintFormatter(commandHints(command));
      return [
        warning(`job ${jobId} is paused since ${since}, after ${describeFailures(failures)}`, {
          fix: `${historyCommand}; ${formatHint({ id: 'resume_job', job: jobId })}`,
        }),
      ];
    }
    if (failures < MIN_FAILURES) return [];
    return [warning(`job ${jobId} failed ${failures} times in a row`, { fix: command(`job logs ${jobId}`) })];
  }
}

function checkActiveRun(
  run: ActiveRunFact,
  { now, schedulerRuns }: RunFacts,
  command: (line: string) => string,
): Finding[] {
  const { warning } = createFindings('runs');
  const name = `run ${run.runId} of job ${run.jobId}`;
  const reconcileHint = schedulerRuns ? 'wait a moment: the scheduler settles it' : command('doctor --fix');
  if (run.status === 'running' && run.alive !== true && run.isRemote !== true) {
    return [warning(`${name} counts as running, but its process is gone`, { fix: reconcileHint })];
  }
  if (run.deadline !== undefined && now - run.deadline > MAX_OVERDUE_MS) {
    return [
      warning(`${name} is ${formatDuration(now - run.deadline)} over its time limit`, {
        fix: command(`job cancel ${run.runId}`),
      }),
    ];
  }
  if (run.status !== 'running' && now - run.notBefore > MAX_OVERDUE_MS) {
    const fix = command(schedulerRuns ? 'scheduler status' : 'scheduler start --daemon');
    return [warning(`${name} has been waiting for ${formatDuration(now - run.notBefore)}`, { fix })];
  }
  return [];
}
