import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { inTurn, shown, spreadOf } from '../rounds.mjs';
import { atMost, ratioTo } from '../verdict.mjs';
import { said } from './opening.mjs';

const HOLDER = fileURLToPath(new URL('../peers/job-holder.mjs', import.meta.url));
const BUDGET_MB = 150;
const MB = 2 ** 20;
const WHY =
  'Node alone and the library take what a process without jobs shows beside; the rest is 1.7 KB a job.';

/**
 * What a process takes that has opened a home and holds all of its jobs, beside one that holds the parsed files, each in a
 * process of its own and over one that holds nothing. The budget is for the whole process with 10,000 jobs, at its peak.
 */
export async function memory(homes, rounds = 3) {
  const rows = [];
  for (const { jobs, home } of homes) {
    const measured = await inTurn(
      ['library', 'files', 'nothing'].map((how) => () => held(how, home)),
      Math.min(jobs > 10_000 ? 2 : 3, rounds),
    );
    const [library, files, nothing] = measured;
    for (const each of [...library, ...files])
      if (each.jobs !== jobs) throw new Error(`${each.jobs} jobs are held, not ${jobs}`);
    const peak = measured.map((each) => spreadOf(each.map((figures) => figures.peak / MB)));
    const from = jobs === 10_000 ? 'design' : 'own';
    const judged = jobs <= 10_000 ? atMost(peak[0].median, BUDGET_MB, { unit: 'MB', why: WHY, from }) : {};
    /** Of each round over the process of the same round that holds nothing, in KB a job. */
    const over = (figure) =>
      [library, files].map((each) =>
        spreadOf(each.map((of, round) => (of[figure] - nothing[round][figure]) / jobs / 1024)),
      );
    const [heap, resident] = [over('heapUsed'), over('rss')];
    rows.push(
      {
        ...row(`memory of a process with ${said(jobs)} jobs, at its peak`, 'MB', peak, [
          'the parsed files',
          'no jobs',
        ]),
        ...judged,
      },
      row(`memory a job of ${said(jobs)}, resident over none`, 'KB', resident, ['a parsed file']),
      row(`memory a job of ${said(jobs)}, on the heap`, 'KB', heap, ['a parsed file']),
    );
  }
  return rows;
}

function row(name, unit, [us, ...others], peers) {
  const digits = unit === 'MB' ? 0 : 2;
  const { value, spread } = shown(us, digits);
  return {
    name,
    ours: value,
    spread,
    unit,
    peers: others.map((figure, index) => ({ name: peers[index], ...shown(figure, digits) })),
    // With a handful of jobs a peer may come to nothing.
    ...ratioTo(peers[0], us.median, Math.max(others[0].median, 0.01)),
  };
}

function held(how, home) {
  return JSON.parse(execFileSync(process.execPath, ['--expose-gc', HOLDER, how, home], { encoding: 'utf8' }));
}
