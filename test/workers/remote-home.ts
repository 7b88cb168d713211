import type { ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { inviteWorker } from '../../src/cli/commands/invite-worker.ts';
import { requestRun } from '../../src/core/execution/request-run.ts';
import { findLeaseHolder } from '../../src/core/lease/lease.ts';
import { isActive, type RunRecord } from '../../src/core/model/run-record.ts';
import { listProcesses } from '../../src/core/process/process-table.ts';
import { WorkerInvitations } from '../../src/core/workers/worker-invitations.ts';
import { readWorker } from '../../src/core/workers/worker-records.ts';
import type { Workspace } from '../../src/core/workspace.ts';
import { quickscrape, startProgram } from '../program.ts';
import { tempFolder } from '../temp-folder.ts';
import { openTempWorkspace } from '../temp-workspace.ts';
import { waitFor } from '../wait-for.ts';
import { type NumberedSite, numberedSite, wholeOutput } from './numbered-site.ts';
import type { RedisServer } from './redis-server.ts';

/** A program of the test: a scheduler, or a worker with the processes of its runs. */
export interface Program {
  pid: number;
  /** What it has printed. */
  said(): string;
  signal(signal: NodeJS.Signals): void;
  /** Signals it, and waits until it has ended. */
  end(signal?: NodeJS.Signals): Promise<number | null>;
  /** Settles with its exit code; null after a signal. */
  ended: Promise<number | null>;
}

export interface WorkerProgram extends Program {
  name: string;
  folder: string;
  /** Its live processes, without itself. */
  children(): number[];
}

interface WorkerOptions {
  slots?: number;
  tags?: string[];
  folder?: string;
  env?: Record<string, string>;
  /** Of Redis; in a file. */
  password?: string;
  /** Another copy of the program, a file for Node. */
  program?: string;
}

const JOB = {
  schedule: { type: 'daily', time: '03:00', timezone: 'UTC' },
  max_retries: 0,
  retry_delay: 0,
  catch_up: 'none',
};

/** A home whose runs go to other machines, with schedulers and workers in processes of their own. */
export class RemoteHome {
  readonly workspace: Workspace;
  readonly redis: RedisServer;
  readonly site: NumberedSite;
  readonly #joinFiles = new Map<string, string>();

  private constructor(redis: RedisServer, site: NumberedSite) {
    this.workspace = openTempWorkspace();
    this.redis = redis;
    this.site = site;
  }

  /** @param settings beside those that name Redis; a worker is given up after ten seconds */
  static async make(
    redis: RedisServer,
    settings: Record<string, unknown> = {},
    site?: NumberedSite,
  ): Promise<RemoteHome> {
    const home = new RemoteHome(redis, site ?? (await numberedSite()));
    const all = {
      executor_redis: redis.access().address,
      executor: 'bullmq',
      worker_lost_after: 10,
      max_concurrent_runs: 8,
      max_runs_per_host: 8,
      run_grace: 5,
      ...settings,
    };
    for (const [key, value] of Object.entries(all)) await home.workspace.settings.set(key, value);
    return home;
  }

  /** Makes jobs, each with a configuration and pages of its own. */
  async jobs(ids: readonly string[], fields: Record<string, unknown> = {}, more = ''): Promise<void> {
    for (const id of ids) {
      await this.workspace.configs.write(id, this.site.config(id, more));
      await this.workspace.jobs.create({ id, fields: { ...JOB, config_name: id, ...fields } }, 'library');
    }
  }

  /** Requests one run of each job. */
  async request(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      const { max_retries: retries } = this.#job(id).definition;
      await requestRun(this.workspace, id, { maxAttempts: 1 + retries });
    }
  }

  async scheduler(env: Record<string, string> = {}): Promise<Program> {
    const child = startProgram(['scheduler', 'run'], { home: this.workspace.paths.home, env });
    const program = toProgram(child);
    await waitFor(`the lease of the scheduler: ${program.said()}`, () => {
      if (child.exitCode !== null) throw new Error(`the scheduler ended: ${program.said()}`);
      return findLeaseHolder(this.workspace.db)?.process.pid === child.pid;
    });
    return program;
  }

  /** @param redisUser the user as which it signs in to Redis */
  async invite(name: string, tags: readonly string[] = [], redisUser?: string): Promise<string> {
    const { invitation } = await inviteWorker(this.workspace, { name, tags, redis: undefined, redisUser });
    this.keepInvitation(name, invitation);
    return invitation;
  }

  /** The key of the home, which it has once its scheduler was started. */
  async key(): Promise<Uint8Array | undefined> {
    const invitations = new WorkerInvitations(this.workspace.paths, this.workspace.clock);
    await invitations.prepare();
    return invitations.read()?.key;
  }

  /** A worker of this name starts with this invitation from now on. */
  keepInvitation(name: string, invitation: string): void {
    const file = join(tempFolder(), 'join');
    writeFileSync(file, invitation, { mode: 0o600 });
    this.#joinFiles.set(name, file);
  }

  /** Starts a worker, and invites it before the first time. */
  async worker(name: string, options: WorkerOptions = {}): Promise<WorkerProgram> {
    const { slots = 2, tags = [], folder = tempFolder(), env = {}, password, program } = options;
    if (!this.#joinFiles.has(name)) await this.invite(name, tags);
    const passwordFile = join(tempFolder(), 'password');
    if (password !== undefined) writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
    const child = startProgram(
      [
        ...['worker', 'start', '--join-file', this.#joinFiles.get(name) ?? '', '--dir', folder],
        ...['--slots', String(slots), '--allow-private', this.site.host],
        ...(password === undefined ? [] : ['--redis-password-file', passwordFile]),
      ],
      { home: tempFolder(), env, ...(program !== undefined && { program }) },
    );
    let known: number[] = [];
    const { pid = 0 } = child;
    onTestFinished(() => {
      for (const each of [...known, ...childrenOf(pid)]) tryKill(each);
    });
    return {
      ...toProgram(child),
      name,
      folder,
      children: () => {
        known = [...new Set([...known, ...childrenOf(pid)])].filter(isProcessAlive);
        return known;
      },
    };
  }

  /** Waits until the home has heard a worker. */
  async joined(...workers: readonly { name: string }[]): Promise<void> {
    for (const { name } of workers)
      await waitFor(`worker ${name} to join`, () => readWorker(this.workspace.db, name) !== undefined);
  }

  /** The newest run of a job. */
  run(id: string): RunRecord {
    const [run] = this.workspace.runs.list({ jobId: id, limit: 1 }).runs;
    if (!run) throw new Error(`job ${id} has no run`);
    return run;
  }

  async runThat(id: string, isSo: (run: RunRecord) => boolean, what: string): Promise<RunRecord> {
    try {
      return await waitFor(what, () => (isSo(this.run(id)) ? this.run(id) : undefined));
    } catch (error) {
      const { status, attempt, worker, error: why } = this.run(id);
      throw new Error(`${String(error)}; job ${id}: ${JSON.stringify({ status, attempt, worker, why })}`);
    }
  }

  async allEnded(ids: readonly string[]): Promise<void> {
    for (const id of ids) await this.runThat(id, ({ status }) => !isActive(status), `the end of job ${id}`);
  }

  /** Checks that the newest run of each job has succeeded, in one attempt with one start, and left a whole file. */
  expectOnce(ids: readonly string[], attempts = 1): void {
    for (const id of ids) {
      const { runId, status, attempt, error, items, outputPath } = this.run(id);
      expect({ id, status, attempt, items, error }).toEqual({
        id,
        status: 'succeeded',
        attempt: attempts,
        items: 3,
        error: null,
      });
      expect(this.workspace.runs.attempts(runId)).toHaveLength(attempts);
      const starts = this.site.hits(id);
      expect(starts, `starts of ${id} at the site`).toBeGreaterThan(0);
      // A later attempt may continue after the first page.
      expect(starts, `starts of ${id} at the site`).toBeLessThanOrEqual(attempts);
      expect(readFileSync(outputPath ?? '', 'utf8')).toBe(wholeOutput(id));
    }
  }

  /** Runs a command of this home to its end. */
  command(...args: string[]) {
    return quickscrape(args, { home: this.workspace.paths.home });
  }

  /** What a run's folder still has from its worker. */
  incoming(id: string): string[] {
    const { runId } = this.run(id);
    const folder = join(this.workspace.paths.runs, id, runId);
    return readdirSync(folder).filter((name) => name === 'incoming');
  }

  #job(id: string) {
    const entry = this.workspace.jobs.get(id);
    if (entry?.kind !== 'valid') throw new Error(`no job ${id}`);
    return entry.record;
  }
}

function toProgram(child: ChildProcess): Program {
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (data: Buffer) => {
      said += data.toString();
    });
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  return {
    pid: child.pid ?? 0,
    said: () => said,
    signal: (signal) => void child.kill(signal),
    end: (signal = 'SIGKILL') => {
      child.kill(signal);
      return ended;
    },
    ended,
  };
}

function childrenOf(pid: number): number[] {
  return listProcesses()
    .filter(({ parent }) => parent === pid)
    .map((entry) => entry.pid);
}

/** Whether a process lives: a zombie does not. */
export function isProcessAlive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

function tryKill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}
