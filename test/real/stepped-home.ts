import { onTestFinished } from 'vitest';
import { findLeaseHolder } from '../../src/core/lease/lease.ts';
import { isActive, type RunRecord } from '../../src/core/model/run-record.ts';
import { JobSchedule } from '../../src/core/schedule/job-schedule.ts';
import { openWorkspace, type Workspace } from '../../src/core/workspace.ts';
import { FakedTime } from '../faked-time.ts';
import { type GatedSite, gatedConfig, gatedSite } from '../gated-site.ts';
import { startProgram } from '../program.ts';
import { tempFolder } from '../temp-folder.ts';
import { waitFor } from '../wait-for.ts';

/** A home with real schedulers and workers under a clock that the test sets. */
export interface SteppedHome {
  time: FakedTime;
  workspace: Workspace;
  site: GatedSite;
  /** The scheduler's process. */
  pid: number;
  said(): string;
  runs(job: string): RunRecord[];
  /** Waits until the occurrence has a run, or any other trace. */
  decided(job: string, at: string): Promise<RunRecord>;
  /** Waits until no run is active. */
  ended(): Promise<void>;
  /** `09:00:00 succeeded`, oldest first. */
  outcomes(job: string): string[];
  /** Stops the scheduler, waits for all runs, and returns what does not fit the calendar; for a good home, nothing. */
  faults(): Promise<string[]>;
}

const OUTCOMES = ['succeeded', 'missed', 'skipped'];

/** Starts a scheduler at `at` on a home with these jobs, whose schedules are cron expressions or dicts. */
export async function steppedHome(
  at: string,
  timezone: string,
  jobs: Record<string, string | Record<string, unknown>>,
): Promise<SteppedHome> {
  const home = tempFolder();
  const time = new FakedTime(home, at);
  const workspace = openWorkspace({ home, actor: 'library', clock: time });
  onTestFinished(() => workspace.close());
  const site = await gatedSite();
  await workspace.configs.write('source', gatedConfig(site.url));
  for (const [id, rule] of Object.entries(jobs)) {
    // However long the machine took so far: a job that is made after its first occurrence would not have it.
    time.set(at);
    const schedule =
      typeof rule === 'string' ? { type: 'custom', cron_expression: rule, timezone } : { ...rule, timezone };
    await workspace.jobs.create(
      { id, fields: { config_name: 'source', schedule, keep_runs: 1_000 } },
      'library',
    );
  }
  const begun = Math.max(...Object.keys(jobs).map((id) => watermark(workspace, id)));
  time.set(at);
  const child = startProgram(['scheduler', 'run'], { home, env: time.env });
  let said = '';
  child.stderr?.on('data', (data: Buffer) => {
    said += data.toString();
  });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await waitFor('the lease', () => findLeaseHolder(workspace.db)?.process.pid === child.pid);
  const runs = (job: string) =>
    workspace.runs
      .list({ jobId: job, limit: 1_000 })
      .runs.sort((a, b) => (a.scheduledFor ?? 0) - (b.scheduledFor ?? 0));
  const all = () => Object.keys(jobs).flatMap(runs);
  const ended = async () => {
    await waitFor('all runs to end', () => all().every(({ status }) => !isActive(status))).catch(() => {
      const active = all().filter(({ status }) => isActive(status));
      const now = new Date(time.now()).toISOString();
      throw new Error(`active at ${now}: ${JSON.stringify(active, null, 1)}\nthe scheduler said:\n${said}`);
    });
  };
  return {
    time,
    workspace,
    site,
    pid: child.pid ?? 0,
    said: () => said,
    runs,
    decided: (job, instant) =>
      waitFor(`${job} of ${instant}; the scheduler said:\n${said}`, () =>
        runs(job).find(({ scheduledFor }) => scheduledFor === Date.parse(instant)),
      ),
    ended,
    outcomes: (job) =>
      runs(job).map(
        ({ scheduledFor, status }) => `${new Date(scheduledFor ?? 0).toISOString().slice(11, 19)} ${status}`,
      ),
    async faults() {
      await ended();
      time.now();
      child.kill('SIGTERM');
      await gone;
      const faults = Object.keys(jobs).flatMap((id) =>
        differences(id, calendar(workspace, id, begun, time.latest), runs(id), time.latest),
      );
      const attempts = all().reduce((sum, { attempt }) => sum + attempt, 0);
      if (attempts !== site.hits()) faults.push(`${attempts} attempts, but ${site.hits()} requests`);
      return faults;
    },
  };
}

function watermark(workspace: Workspace, id: string): number {
  const entry = workspace.jobs.get(id);
  return entry?.kind === 'valid' ? entry.state.decidedUntil : 0;
}

function calendar(workspace: Workspace, id: string, after: number, until: number): number[] {
  const entry = workspace.jobs.get(id);
  if (entry?.kind !== 'valid') return [];
  const schedule = JobSchedule.fromDict(entry.record.definition.schedule);
  const found: number[] = [];
  for (let next = schedule.getNextRunTime(new Date(after)); next && next.getTime() <= until; ) {
    found.push(next.getTime());
    next = schedule.getNextRunTime(next);
  }
  return found;
}

/** Every occurrence has one run, with an outcome that explains itself. The last second may still be undecided. */
function differences(id: string, due: number[], runs: RunRecord[], until: number): string[] {
  const text = (at: number) => `${id} ${new Date(at).toISOString()}`;
  const decided = runs.map(({ scheduledFor }) => scheduledFor ?? 0);
  return [
    ...due.filter((at) => at < until - 1_000 && !decided.includes(at)).map((at) => `${text(at)}: lost`),
    ...decided.filter((at) => !due.includes(at)).map((at) => `${text(at)}: not in the calendar`),
    ...decided.filter((at, index) => decided.indexOf(at) !== index).map((at) => `${text(at)}: twice`),
    ...runs
      .filter(({ status, reason }) => !OUTCOMES.includes(status) || (status !== 'succeeded' && !reason))
      .map((run) => `${text(run.scheduledFor ?? 0)}: ${run.status} ${run.error?.message ?? ''}`),
  ];
}
