import { rmSync } from 'node:fs';
import { join } from 'node:path';
import Libsql from 'libsql';
import { jobHome } from '../job-home.mjs';
import { elapsed, inTurn, shown, spreadOf } from '../rounds.mjs';
import { variedJob } from '../store/varied-job.mjs';
import { atMost, ratioTo } from '../verdict.mjs';
import { ended } from './ended.mjs';
import { PROGRAM } from './workplace.mjs';

const DAYS = 30;
const RUNS_A_DAY = 4;
const DAY_MS = 86_400_000;
/** Issue 23: a report of 1,000 jobs × 30 days. */
const BUDGET_MS = 2_000;
const NODE = 'node -e 0';
const WHY =
  'SQLite reads the rows of all runs in a third of the time. The rest explains twenty failing jobs and writes three megabytes of HTML.';

/** `quickscrape report --html` over a month, from its start to its end: one job in twenty fails, most runs have changes. */
export async function reports({ rounds = 5, isSmoke }) {
  const jobs = isSmoke ? 20 : 1_000;
  const days = isSmoke ? 2 : DAYS;
  const home = await jobHome(jobs, variedJob);
  try {
    const runs = putRuns(home, jobs, days);
    const file = join(home, 'report.html');
    const args = [PROGRAM, '--home', home, 'report', '--days', String(days), '--html', file];
    const [node, us] = (
      await inTurn([() => elapsed(() => ended(['-e', '0'])), () => elapsed(() => ended(args))], rounds)
    ).map(spreadOf);
    const { value, spread } = shown(us);
    const said = (count) => count.toLocaleString('en');
    return [
      {
        name: `quickscrape report --html, ${said(jobs)} jobs, ${days} days, ${said(runs)} runs`,
        ...{ ours: value, spread, unit: 'ms', peers: [{ name: NODE, ...shown(node) }] },
        ...ratioTo(NODE, us.median, node.median),
        ...atMost(us.median, BUDGET_MS, { unit: 'ms', why: WHY }),
      },
    ];
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** Writes the past of all jobs. @returns how many runs it has */
function putRuns(home, jobs, days) {
  const db = new Libsql(join(home, 'quickscrape.db'));
  const put = db.prepare(
    `INSERT INTO runs (run_id, job_id, config_name, trigger, requested_by, scheduled_for, timezone, status, attempt, max_attempts,
       queued_at, not_before, started_at, finished_at, items, pages, error_kind, error_message, changes)
     VALUES (?, ?, 'prices', 'schedule', 'scheduler', ?, 'Europe/Berlin', ?, 1, 1, ?, ?, ?, ?, ?, 3, ?, ?, ?)`,
  );
  const fails = db.prepare(`UPDATE job_state SET failures = 5, status = 'failed' WHERE job_id = ?`);
  const each = days * RUNS_A_DAY;
  const now = Date.now();
  db.exec('BEGIN');
  for (let job = 0; job < jobs; job += 1) {
    const id = `prices-${String(job).padStart(5, '0')}`;
    const isFailing = job % 20 === 0;
    if (isFailing) fails.run([id]);
    for (let run = 0; run < each; run += 1) {
      const at = now - days * DAY_MS + Math.floor(((run + 0.5) * DAY_MS) / RUNS_A_DAY);
      const isBad = isFailing && run >= each - 5;
      const number = job * each + run;
      const changed = number % 3;
      const changes = {
        with_run_id: `r${number - 1}`,
        key: 'name',
        added: 0,
        removed: 0,
        changed,
        unchanged: 20,
      };
      put.run([
        ...[`r${number}`, id, at, isBad ? 'failed' : 'succeeded', at, at, at, at + 2_000 + (number % 9_000)],
        ...[isBad ? 0 : 20 + (number % 7), isBad ? 'http' : null, isBad ? 'HTTP 503' : null],
        isBad ? null : JSON.stringify(changes),
      ]);
    }
  }
  db.exec('COMMIT');
  db.close();
  return jobs * each;
}
