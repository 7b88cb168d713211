import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { jobHome } from './job-home.mjs';
import { edits } from './store/edits.mjs';
import { memory } from './store/memory.mjs';
import { firstOpening, opening, openingByNewProcess } from './store/opening.mjs';
import { variedJob } from './store/varied-job.mjs';
import { watchStart } from './store/watch-start.mjs';
import { writes } from './store/writes.mjs';

/** Job files and what the store does with them, at three sizes of a home. */
export async function store({ rounds, isSmoke }) {
  const homes = [];
  try {
    for (const jobs of isSmoke ? [10, 20, 40] : [1_000, 10_000, 100_000])
      homes.push({ jobs, home: await jobHome(jobs, variedJob, { isNoted: false }) });
    // Else the first to write would wait until all of these files are on the disk.
    execFileSync('sync');
    return [
      // First, while nobody has looked at the files.
      ...(await firstOpening(homes, rounds)),
      ...(await opening(homes, rounds)),
      ...(await openingByNewProcess(homes, rounds)),
      ...(await memory(homes, rounds)),
      ...(await watchStart(homes, rounds)),
      ...(await edits(homes, isSmoke)),
      ...(await writes(homes, isSmoke, rounds)),
    ];
  } finally {
    for (const { home } of homes) rmSync(home, { recursive: true, force: true });
  }
}
