import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { checkIntegrity } from '../../src/core/database/check-integrity.ts';
import { openImmutable } from '../../src/core/database/connection.ts';
import { readDataLoss } from '../../src/core/database/recovery/data-loss.ts';
import { listSnapshots, snapshotFolder, takeSnapshot } from '../../src/core/database/snapshots.ts';
import { programFile } from '../../src/core/lib/program.ts';
import { SchedulerLoop } from '../../src/core/scheduler/scheduler-loop.ts';
import { openWorkspace } from '../../src/core/workspace.ts';
import {
  fullHome,
  keptFiles,
  overwrite,
  PAGE,
  pagesOf,
  settle,
} from '../core/database/recovery/damaged-home.ts';
import { FakeExecutor } from '../fake-executor.ts';
import { PROGRAM } from '../program.ts';
import { tempFolder } from '../temp-folder.ts';
import { openTempWorkspace } from '../temp-workspace.ts';

/** QS_KILLS=1000 for a release; each run of the tests does fewer. */
const ROUNDS = Number(process.env['QS_KILLS'] ?? 20);
const SEED = Number(process.env['QS_SEED'] ?? Date.now() % 100_000);
const DAY = 86_400_000;

let state = SEED + 1;
function random(below: number): number {
  state = (state * 48_271) % 2_147_483_647;
  return state % below;
}

function killed(args: readonly string[], afterMs: number): Promise<void> {
  const child: ChildProcess = spawn(process.execPath, args, { stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), afterMs);
    child.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** A home of 120 runs with snapshots of three ages, which have 120, 80 and 40 of them. */
async function agedHome() {
  const full = await fullHome(4, 30);
  const workspace = openWorkspace({ home: full.home, actor: 'library' });
  const { db, paths } = workspace;
  const takeAged = (days: number) => takeSnapshot(paths.database, Date.now() - days * DAY);
  db.run(`CREATE TEMP TABLE later AS SELECT * FROM runs ORDER BY queued_at DESC LIMIT 80`);
  db.run(`DELETE FROM runs WHERE run_id IN (SELECT run_id FROM later)`);
  takeAged(9);
  db.run(`INSERT INTO runs SELECT * FROM later ORDER BY queued_at LIMIT 40`);
  takeAged(5);
  db.run(`INSERT OR IGNORE INTO runs SELECT * FROM later`);
  takeAged(1);
  workspace.close();
  settle(paths.database);
  return full;
}

/** Whether a scheduler that opens the home now starts an occurrence that ran before. */
function startedAgain(home: string, decided: ReadonlySet<string>) {
  const workspace = openWorkspace({ home, actor: 'library' });
  try {
    const executor = new FakeExecutor(workspace);
    const loop = new SchedulerLoop(
      workspace,
      4,
      () => {},
      { onStopRequested: () => {}, onDatabaseReplaced: () => {} },
      executor,
    );
    workspace.db.verify();
    loop.begin();
    void loop.stop(() => true);
    const active = workspace.db.all<{ job_id: string; scheduled_for: number }>(
      `SELECT job_id, scheduled_for FROM runs WHERE status IN ('queued', 'starting', 'running', 'waiting_retry')`,
    );
    return {
      repeated: active.filter((run) => decided.has(`${run.job_id} ${run.scheduled_for}`)),
      runs: workspace.runs.list().total,
      jobs: workspace.jobs.list().map(({ kind }) => kind),
      loss: readDataLoss(workspace.db),
    };
  } finally {
    workspace.close();
  }
}

it(`damage at random places × damaged snapshots × kill -9 while it is replaced: nothing starts twice, the newest whole one is there (seed ${SEED})`, async () => {
  const template = await agedHome();
  for (let round = 0; round < ROUNDS; round += 1) {
    const home = join(tempFolder(), 'home');
    cpSync(template.home, home, { recursive: true });
    const database = join(home, 'quickscrape.db');
    // One of these is always read: the rest may be found later.
    overwrite(database, random(2) * PAGE, Buffer.alloc(PAGE, 0xa5));
    for (let n = random(6); n > 0; n -= 1)
      overwrite(database, random(pagesOf(database)) * PAGE, Buffer.alloc(PAGE, random(256)));
    const damagedCopy = readFileSync(database);
    const snapshots = listSnapshots(database, Date.now());
    const bad = random(4);
    for (const { file } of snapshots.slice(0, bad))
      overwrite(file, PAGE * random(2), Buffer.alloc(PAGE, 0xa5));
    // Its start takes some 200 ms, and several times that on a busy machine.
    await killed([PROGRAM, 'job', 'list', '--home', home], 100 + random(900));
    const { repeated, runs, jobs, loss } = startedAgain(home, template.decided);
    const about = `round ${round}, ${bad} bad snapshots`;
    expect(repeated, about).toEqual([]);
    expect(jobs, about).toEqual(Array(4).fill('valid'));
    // What no snapshot has, the journal or nobody knows; today's may be missed.
    expect(runs, about).toBeGreaterThanOrEqual([120, 80, 40, 0][bad] ?? 0);
    expect(loss, about).toMatchObject({ kind: 'damaged' });
    expect(loss?.source?.kind, about).toBe(bad === 3 ? undefined : 'snapshot');
    expect(checkIntegrity(database), about).toEqual({ ok: true, problems: [] });
    const kept = keptFiles(home);
    expect(kept, about).toHaveLength(1);
    expect(readFileSync(join(home, kept[0] ?? '')).equals(damagedCopy), about).toBe(true);
    expect(
      readdirSync(home).filter((name) => /rescue/.test(name)),
      about,
    ).toEqual([]);
  }
});

it(`kill -9 while one is taken leaves whole snapshots only, and nothing else after the next (seed ${SEED})`, async () => {
  const { home, database } = await fullHome(4, 400);
  openTempWorkspace({ home });
  const start = Date.now() - 100 * DAY;
  takeSnapshot(database, start);
  for (let round = 1; round <= ROUNDS; round += 1) {
    await killed([programFile('snapshot'), database, String(start + round * DAY)], 30 + random(400));
    const snapshots = listSnapshots(database, Date.now());
    expect(snapshots.length).toBeGreaterThan(0);
    for (const { file } of snapshots)
      expect(
        checkIntegrity(file, () => openImmutable(file)),
        file,
      ).toEqual({ ok: true, problems: [] });
  }
  takeSnapshot(database, Date.now());
  const names = readdirSync(snapshotFolder(database));
  expect(names.filter((name) => !/^quickscrape-.*\.db$/.test(name))).toEqual([]);
  expect(names.length).toBeLessThanOrEqual(7);
});
