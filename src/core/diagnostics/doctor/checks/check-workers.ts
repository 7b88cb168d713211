import { formatDuration } from '../../../lib/format-duration.ts';
import { plainCommand } from '../../../lib/hints.ts';
import { pluralize, truncateList } from '../../../lib/text.ts';
import { shellQuote } from '../../../process/shell.ts';
import { isRedisUnencrypted } from '../../../settings/redis-address.ts';
import type { ExecutorState } from '../../../workers/executor-state.ts';
import type { ListedWorker } from '../../../workers/worker-list.ts';
import { createFindings, type Finding } from '../finding.ts';

/** What is known of workers on other machines; instants in epoch milliseconds. */
export interface WorkersFacts {
  now: number;
  /** The version of this program. */
  version: string;
  /** `workers.json`: its permission bits where the system has them, and why it cannot be used. */
  file: { path: string; mode: number | undefined; error: string | undefined };
  /** `undefined` when the settings cannot be read. */
  settings: { executor: 'local' | 'bullmq'; redis: string | null; slots: number } | undefined;
  /** What the scheduler that runs says of Redis. */
  state: ExecutorState | undefined;
  workers: readonly ListedWorker[];
  /** The enabled jobs that ask for workers by tags. */
  wanted: readonly { jobId: string; file: string; tags: readonly string[] }[];
  /** The runs that were handed over and not claimed for a minute. */
  unclaimed: readonly string[];
}

/** Clocks that differ by more than this make logs hard to read. */
const MAX_SKEW_MS = 2_000;

/** Checks whether the workers on other machines can execute the runs that are handed over to them. */
export function checkWorkers(facts: WorkersFacts, command = plainCommand): Finding[] {
  const { ok } = createFindings('workers');
  if (facts.file.error !== undefined) return checkFile(facts);
  const usable = facts.workers.filter(({ state }) => state !== 'revoked' && state !== 'expired');
  const findings = [
    ...checkFile(facts),
    ...checkTags(facts, usable, command),
    ...(facts.settings?.executor === 'bullmq' ? checkExecutor(facts, usable, command) : []),
  ];
  if (findings.length > 0) return findings;
  if (facts.settings?.executor !== 'bullmq') return [ok('none: this machine executes all runs')];
  const connected = usable.filter(({ state }) => state === 'connected').length;
  if (connected === 0)
    return [
      createFindings('workers').warning('runs go to other machines, and no worker is connected', {
        fix: `start one there: ${command('worker start --join-file FILE')}`,
      }),
    ];
  return [ok(`${connected} of ${pluralize(usable.length, 'worker')} connected`)];
}

function checkFile({ file: { path: where, mode, error } }: WorkersFacts): Finding[] {
  const { problem } = createFindings('workers');
  const findings: Finding[] = [];
  if (error !== undefined) {
    findings.push(
      problem(`the invitations cannot be used: ${error}`, {
        where,
        fix: 'restore the file from a backup; without its key, every worker has to be invited again',
      }),
    );
  }
  if (mode !== undefined && (mode & 0o077) !== 0) {
    findings.push(
      problem('others can read the file with the keys of all workers', {
        where,
        fix: `chmod 600 ${shellQuote(where)}`,
      }),
    );
  }
  return findings;
}

function checkTags(
  { wanted, settings }: WorkersFacts,
  usable: readonly ListedWorker[],
  command: (line: string) => string,
): Finding[] {
  const { warning } = createFindings('workers');
  return wanted.flatMap(({ jobId, file: where, tags }) => {
    if (settings?.executor === 'local') {
      return [
        warning(`job ${jobId} waits for a worker, and the setting executor is local`, {
          where,
          fix: `${command('config set executor bullmq')}, or: ${command(`job update ${jobId} --worker none`)}`,
        }),
      ];
    }
    if (usable.some((worker) => tags.every((tag) => worker.tags.includes(tag)))) return [];
    return [
      warning(`job ${jobId} waits for a worker with ${tags.join(', ')}, and none is invited`, {
        where,
        fix: command(`worker invite NAME --tags ${tags.join(',')}`),
      }),
    ];
  });
}

function checkExecutor(
  facts: WorkersFacts,
  usable: readonly ListedWorker[],
  command: (line: string) => string,
): Finding[] {
  const { warning } = createFindings('workers');
  const findings = checkRedis(facts, command);
  if (usable.length === 0) {
    findings.push(
      warning('runs go to other machines, and no worker is invited', { fix: command('worker invite NAME') }),
    );
  }
  for (const worker of usable) findings.push(...checkWorker(worker, facts, command));
  const slots = usable.reduce((sum, { state, slots }) => sum + (state === 'connected' ? slots : 0), 0);
  if (facts.settings !== undefined && facts.settings.slots < slots) {
    findings.push(
      warning(`max_concurrent_runs is ${facts.settings.slots}, and the workers have ${slots} slots`, {
        fix: command(`config set max_concurrent_runs ${slots}`),
      }),
    );
  }
  if (facts.unclaimed.length > 0) {
    findings.push(
      warning(`handed over, and not claimed by a worker for a minute: ${truncateList(facts.unclaimed)}`, {
        fix: `see whether the workers are there: ${command('worker list')}`,
      }),
    );
  }
  return findings;
}

function checkRedis({ settings, state, now }: WorkersFacts, command: (line: string) => string): Finding[] {
  const { warning, problem } = createFindings('workers');
  const redis = settings?.redis ?? null;
  if (redis === null) {
    const fix = command('config set executor_redis rediss://HOST:PORT');
    return [problem('runs go to other machines, and executor_redis is not set', { fix })];
  }
  const findings: Finding[] = [];
  if (isRedisUnencrypted(redis)) {
    findings.push(
      warning('the password of Redis crosses the network in the clear', {
        where: redis,
        fix: 'set up TLS, and change the setting executor_redis to rediss://HOST:PORT',
      }),
    );
  }
  if (state?.problem !== undefined) {
    findings.push(problem(state.problem, { where: redis, fix: fixOfRedis(state.problem, command) }));
  }
  if (state?.redis === 'away') {
    findings.push(
      problem(`Redis has been away for ${formatDuration(Math.max(1_000, now - state.since))}`, {
        where: redis,
        fix: `see whether it runs, and the reason with: ${command('scheduler logs')}`,
      }),
    );
  }
  return findings;
}

/** Where the cause of a problem with Redis is. */
function fixOfRedis(problem: string, command: (line: string) => string): string {
  if (/password/.test(problem))
    return `write QUICKSCRAPE_REDIS_PASSWORD=… into secrets.env, then: ${command('scheduler restart')}`;
  if (/certificate/.test(problem)) return `set NODE_EXTRA_CA_CERTS, then: ${command('scheduler restart')}`;
  return 'change the configuration of Redis';
}

function checkWorker(
  { name, state, lastSeen, drain, version, skewMs, problem }: ListedWorker,
  facts: WorkersFacts,
  command: (line: string) => string,
): Finding[] {
  const { warning } = createFindings('workers');
  if (state === 'silent') {
    // A worker that was drained has ended.
    if (drain !== 0) return [];
    const heard = lastSeen === null ? 'yet' : `for ${formatDuration(Math.max(1_000, facts.now - lastSeen))}`;
    return [
      warning(`worker ${name} has not been heard ${heard}`, {
        fix: `see whether it runs; if it is gone: ${command(`worker revoke ${name}`)}`,
      }),
    ];
  }
  if (state === 'unusable')
    return [
      warning(`worker ${name} cannot take runs: ${problem}`, {
        fix: 'repair that, and start the worker again if it has ended',
      }),
    ];
  const findings: Finding[] = [];
  if (version !== null && version !== facts.version) {
    findings.push(
      warning(`worker ${name} has version ${version}, and this is ${facts.version}`, {
        fix: 'install the same version on both machines, the home first',
      }),
    );
  }
  if (skewMs !== null && Math.abs(skewMs) > MAX_SKEW_MS) {
    const way = skewMs > 0 ? 'ahead' : 'behind';
    findings.push(
      warning(`the clock of worker ${name} is ${formatDuration(Math.abs(skewMs))} ${way}`, {
        fix: 'synchronise the clocks of both machines (NTP)',
      }),
    );
  }
  return findings;
}
