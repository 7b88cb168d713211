import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { jobHome } from '../job-home.mjs';
import { isThere } from './peer-names.mjs';
import { peerProgram } from './program.mjs';

/**
 * Programs of libraries that make so many jobs each, and one without a job of each library, all started at once: they take
 * their time, and the other processor.
 *
 * @param sizes of each library how many jobs
 * @returns `{ kind, jobs, program, ready }` each; `ready` settles when its jobs are made
 */
export function startedPeers(sizes, rule, zone) {
  return Object.entries(sizes)
    .filter(([kind]) => isThere(kind))
    .flatMap(([kind, counts]) =>
      [0, ...counts].map((jobs) => {
        const program = peerProgram('many-jobs', kind, jobs, rule, zone);
        const ready = program.said('ready');
        // It is waited for later.
        ready.catch(() => {});
        return { kind, jobs, program, ready };
      }),
    );
}

/** Programs that watch the files of each home and do nothing else, as {@link startedPeers} gives them. */
export function startedWatchers(homes) {
  return homes.map(({ jobs, home }) => {
    const program = peerProgram('watched-folder', join(home, 'jobs'));
    const ready = program.said('ready');
    ready.catch(() => {});
    return { kind: 'chokidar', jobs, program, ready };
  });
}

/** Homes with so many jobs of which none is due, as `{ jobs, home }`; `end` removes them. */
export class ManyHomes {
  all = [];

  async make(sizes, schedule) {
    for (const jobs of sizes) this.all.push({ jobs, home: await jobHome(jobs, undefined, { schedule }) });
  }

  end() {
    for (const { home } of this.all) rmSync(home, { recursive: true, force: true });
  }
}
