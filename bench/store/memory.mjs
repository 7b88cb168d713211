import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { growth } from '../growth.mjs';
import { round } from '../rounds.mjs';
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
export async function memory(homes) {
  const [rows, points] = [[], []];
  for (const { jobs, home } of homes) {
    const [us, files, nothing] = ['library', 'files', 'nothing'].map((how) => held(how, home));
    if (us.jobs !== jobs || files.jobs !== jobs)
      throw new Error(`${us.jobs} and ${files.jobs} jobs, not ${jobs}`);
    const isJudged = jobs <= 10_000;
    rows.push(
      {
        name: `memory of a process with ${said(jobs)} jobs, at its peak`,
        ours: round(us.peak / MB, 0),
        unit: 'MB',
        peers: [
          { name: 'the parsed files', value: round(files.peak / MB, 0) },
          { name: 'no jobs', value: round(nothing.peak / MB, 0) },
        ],
        ratio: round(us.peak / files.peak),
        ...(isJudged && { budget: `${BUDGET_MB} MB`, met: us.peak <= BUDGET_MB * MB, why: WHY }),
      },
      {
        name: `memory a job of ${said(jobs)}, resident over none`,
        ours: round((us.rss - nothing.rss) / jobs / 1024, 2),
        unit: 'KB',
        peers: [{ name: 'a parsed file', value: round((files.rss - nothing.rss) / jobs / 1024, 2) }],
        ratio: round((us.rss - nothing.rss) / (files.rss - nothing.rss)),
      },
      {
        name: `memory a job of ${said(jobs)}, on the heap`,
        ours: round((us.heapUsed - nothing.heapUsed) / jobs / 1024, 2),
        unit: 'KB',
        peers: [
          { name: 'a parsed file', value: round((files.heapUsed - nothing.heapUsed) / jobs / 1024, 2) },
        ],
        ratio: round((us.heapUsed - nothing.heapUsed) / (files.heapUsed - nothing.heapUsed)),
      },
    );
    points.push({ n: jobs, cost: (us.heapUsed - nothing.heapUsed) / MB });
  }
  return [...rows, growth('memory on the heap', points, 'jobs', 'MB')];
}

function held(how, home) {
  return JSON.parse(execFileSync(process.execPath, ['--expose-gc', HOLDER, how, home], { encoding: 'utf8' }));
}
