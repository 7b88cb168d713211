import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished } from 'vitest';
import { isActive } from '../../src/core/model/run-record.ts';
import { runFiles } from '../../src/core/runs/run-files.ts';
import type { Workspace } from '../../src/core/workspace.ts';
import { it } from '../extend.ts';
import { gatedConfig } from '../gated-site.ts';
import { PROGRAM } from '../program.ts';
import { openTempWorkspace } from '../temp-workspace.ts';
import { waitFor } from '../wait-for.ts';

/** QS_SCHEDULER_KILLS=1000 for a release; each run of the tests does fewer. */
const KILLS = Number(process.env['QS_SCHEDULER_KILLS'] ?? process.env['QS_KILLS'] ?? 20);
const CONTENDERS = 2;
const JOBS = 4;
/** Each job comes due every two seconds. */
const SCHEDULE = { type: 'custom', cron_expression: '*/2 * * * * *', timezone: 'UTC' };

/** From when until when a scheduler surely had the lease, by this process's clock. */
interface Tenure {
  pid: number;
  from: number;
  to: number;
}

/** Starts a scheduler and kills it after a random time, unless it has given up; the tenure, if it had the lease. */
async function startAndKill(home: string, alive: Set<ChildProcess>) {
  const child = spawn(process.execPath, [PROGRAM, 'scheduler', 'run'], {
    env: { ...process.env, QUICKSCRAPE_HOME: home, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  alive.add(child);
  let from: number | undefined;
  let said = '';
  let markStarted = () => {};
  const started = new Promise<void>((resolve) => {
    markStarted = resolve;
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data: Buffer) => {
      said += data.toString();
      if (!said.includes('scheduler started')) return;
      from ??= performance.now();
      markStarted();
    });
  }
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  // Half of them die anywhere between their first step and their first second, half once they have the lease.
  if (Math.random() < 0.5) await Promise.race([ended, started]);
  await Promise.race([ended, delay(Math.random() * 1_200)]);
  const to = performance.now();
  child.kill('SIGKILL');
  await ended;
  alive.delete(child);
  const tenure: Tenure | undefined =
    from === undefined || from > to ? undefined : { pid: child.pid ?? 0, from, to };
  return { killed: child.signalCode === 'SIGKILL', tenure };
}

function overlaps(tenures: Tenure[]): Tenure[] {
  const sorted = tenures.toSorted((a, b) => a.from - b.from);
  return sorted.filter((tenure, index) => {
    const earlier = sorted[index - 1];
    return earlier !== undefined && tenure.from < earlier.to;
  });
}

/** How often the run's processes say that they have begun an attempt: a witness beside the database. */
function startsInLog(workspace: Workspace, jobId: string, runId: string): number {
  const { log } = runFiles(workspace.paths, jobId, runId);
  return readFileSync(log, 'utf8').match(/: attempt \d+ of/g)?.length ?? 0;
}

it(`two contenders, ${KILLS} kill -9: nothing runs twice, and what started has its outcome`, async ({
  site,
}) => {
  const workspace = openTempWorkspace();
  await workspace.configs.write('source', gatedConfig(site.url));
  await workspace.settings.set('max_runs_per_host', 4);
  const jobIds = Array.from({ length: JOBS }, (_, index) => `job-${index}`);
  for (const id of jobIds) {
    const fields = { config_name: 'source', schedule: SCHEDULE, max_retries: 0, keep_runs: 100_000 };
    await workspace.jobs.create({ id, fields }, 'library');
  }
  const alive = new Set<ChildProcess>();
  onTestFinished(() => {
    for (const child of alive) child.kill('SIGKILL');
  });
  const { home } = workspace.paths;
  const tenures: Tenure[] = [];
  let kills = 0;
  const contender = async () => {
    while (kills < KILLS) {
      const { killed, tenure } = await startAndKill(home, alive);
      if (killed) kills += 1;
      if (tenure) tenures.push(tenure);
    }
  };
  await Promise.all(Array.from({ length: CONTENDERS }, contender));
  for (const id of jobIds) await workspace.jobs.update(id, { enabled: false }, { by: 'library' });
  // The last one stays: it has to bring everything to an end, also the starts that died with their schedulers.
  const last = spawn(process.execPath, [PROGRAM, 'scheduler', 'run'], {
    env: { ...process.env, QUICKSCRAPE_HOME: home },
    stdio: 'ignore',
  });
  alive.add(last);
  const all = () => jobIds.flatMap((jobId) => workspace.runs.list({ jobId, limit: 100_000 }).runs);
  await waitFor('all runs to end', () => all().every(({ status }) => !isActive(status)));
  last.kill('SIGKILL');

  const runs = all();
  const started = runs.filter(({ attempt }) => attempt > 0);
  expect(overlaps(tenures), 'two had the lease at once').toEqual([]);
  const occurrences = started.map(({ jobId, scheduledFor }) => `${jobId} ${scheduledFor}`);
  expect(new Set(occurrences).size, 'an occurrence ran twice').toBe(started.length);
  for (const run of started) {
    const { jobId, runId, status, attempt, items, error } = run;
    expect({ runId, status, attempt, items, error }).toEqual({
      runId,
      status: 'succeeded',
      attempt: 1,
      items: 1,
      error: null,
    });
    expect(startsInLog(workspace, jobId, runId), `starts of run ${runId}`).toBe(1);
    expect(readFileSync(run.outputPath ?? '', 'utf8')).toBe('name\nonly row\n');
    expect(workspace.runs.attempts(runId).map((one) => one.status)).toEqual(['succeeded']);
  }
  // The site is the witness that cannot be wrong: one page a started run.
  expect(site.hits()).toBe(started.length);
  expect(started.length, 'nothing was put to the test').toBeGreaterThan(KILLS / 10);
  expect(tenures.length, 'hardly anybody got the lease').toBeGreaterThan(KILLS / 10);
  if (process.env['QS_SCHEDULER_KILLS']) {
    process.stdout.write(
      `${kills} kills, ${tenures.length} of one who had the lease, ${runs.length} occurrences, ${started.length} runs: ` +
        '0 twice, 0 without outcome, 0 wrong outcomes, 0 double holders\n',
    );
  }
}, 3_600_000);
