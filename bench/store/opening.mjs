import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { JobManager } from '../../dist/index.js';
import { growth } from '../growth.mjs';
import { productPackage } from '../peers.mjs';
import { elapsed, shown, spreadOf, spreads } from '../rounds.mjs';
import { atMost, ratioTo } from '../verdict.mjs';

const { default: Database } = await productPackage('libsql');
const BUDGET = 3;
const FLOOR = 'readFileSync + JSON.parse';
/** Of the issue: opened and planned, beyond reading. */
const PLANNED_MS = 1_000;
const WHY =
  'Half of ours is what the floor does: open, read, close and parse each file. The rest is the rows of SQLite, the definitions, and V8, which copies twice what lives on.';
const OPENER = fileURLToPath(new URL('../peers/job-opener.mjs', import.meta.url));

/** Reading and parsing all job files, and nothing else. */
export function readAndParse(home) {
  const folder = join(home, 'jobs');
  for (const file of readdirSync(folder)) JSON.parse(readFileSync(join(folder, file), 'utf8'));
}

/** Opening a home whose jobs the database has noted, as every later opening is, in a process that has opened one before. */
export async function opening(homes, rounds) {
  const [rows, points] = [[], []];
  for (const { jobs, home } of homes) {
    await openAndList(home, jobs);
    const planned = [];
    const figures = await spreads(
      [
        () => openAndList(home, jobs, (found) => planned.push(planningTime(found))),
        () => elapsed(() => readAndParse(home)),
      ],
      rounds ?? roundsFor(jobs),
    );
    if (jobs === homes.at(-1).jobs) rows.push(plannedRow(jobs, figures, spreadOf(planned)));
    rows.push({
      ...row(`open a store of ${said(jobs)} jobs`, figures),
      // The design speaks of 10,000 jobs.
      ...atMost(figures[0].median / figures[1].median, BUDGET, {
        why: WHY,
        from: jobs === 10_000 ? 'design' : 'own',
      }),
    });
    points.push({ n: jobs, cost: figures[0].median });
  }
  return [...rows, growth('open a store', points)];
}

/** What {@link opening} and the next run of each job take together, less the reading of the files. */
function plannedRow(jobs, [open, floor], plan) {
  const beyond = open.median + plan.median - floor.median;
  return {
    name: `${said(jobs)} jobs opened and planned, beyond reading them`,
    ours: Number(beyond.toPrecision(3)),
    unit: 'ms',
    peers: [
      { name: 'opened', ...shown(open) },
      { name: 'planned', ...shown(plan) },
      { name: `read (${FLOOR})`, ...shown(floor) },
    ],
    ...ratioTo(`read (${FLOOR})`, beyond, floor.median),
    ...atMost(beyond, PLANNED_MS, { unit: 'ms', why: WHY }),
  };
}

/** Milliseconds in which the next run of each is found, and all are put in their order. */
function planningTime(jobs) {
  const started = performance.now();
  Float64Array.from(jobs, ({ nextRun }) => nextRun?.getTime() ?? Number.POSITIVE_INFINITY).sort();
  return performance.now() - started;
}

/** The first look at job files that nobody has noted: each is checked, and its definition noted in one transaction. */
export async function firstOpening(homes, rounds) {
  const rows = [];
  for (const { jobs, home } of homes) {
    const ours = () => {
      forget(home);
      return openAndList(home, jobs);
    };
    const figures = await spreads(
      [ours, () => elapsed(() => readAndParse(home))],
      Math.min(rounds ?? 3, jobs > 10_000 ? 2 : 5),
    );
    rows.push(row(`open ${said(jobs)} jobs for the first time, each noted`, figures));
  }
  return rows;
}

/** Makes the database one that knows no job, as it was when the files came. */
function forget(home) {
  const database = new Database(join(home, 'quickscrape.db'));
  database.exec('DELETE FROM job_state');
  database.close();
}

/** Opening by a process that has opened nothing before, without the time in which it starts and loads the library. */
export async function openingByNewProcess(homes, rounds = 5) {
  const rows = [];
  for (const { jobs, home } of homes) {
    const by = (how) => Number(execFileSync(process.execPath, [OPENER, how, home, String(jobs)]));
    const figures = await spreads(
      [() => by('library'), () => by('floor')],
      Math.min(rounds, jobs > 10_000 ? 2 : 5),
    );
    rows.push(row(`open a store of ${said(jobs)} jobs in a new process`, figures));
  }
  return rows;
}

/**
 * Milliseconds from nothing open to all jobs listed.
 * @param whenOpen is given the jobs, outside of that time
 */
export async function openAndList(home, jobs, whenOpen = () => {}) {
  let manager;
  let found;
  const time = await elapsed(async () => {
    manager = new JobManager({ home });
    found = await manager.listJobs();
  });
  if (found.length !== jobs) throw new Error(`${found.length} jobs were listed, not ${jobs}`);
  whenOpen(found);
  manager.close();
  return time;
}

export const said = (jobs) => jobs.toLocaleString('en');

/** Less often where one round takes seconds. */
function roundsFor(jobs) {
  if (jobs > 10_000) return 3;
  return jobs > 1_000 ? 7 : 15;
}

function row(name, [us, floor]) {
  const figure = shown(us);
  return {
    name,
    ours: figure.value,
    spread: figure.spread,
    unit: 'ms',
    peers: [{ name: FLOOR, ...shown(floor) }],
    ...ratioTo(FLOOR, us.median, floor.median),
  };
}
