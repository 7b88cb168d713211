import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { JobManager } from '../dist/index.js';
import { jobHome } from './job-home.mjs';
import { elapsed, medians, round } from './rounds.mjs';

const JOBS = 10_000;

/** Opening a store of 10,000 jobs, against reading and parsing the same files and nothing else. */
export async function store() {
  const home = await jobHome(JOBS);
  const folder = join(home, 'jobs');
  try {
    const floor = () =>
      elapsed(() => {
        for (const file of readdirSync(folder)) JSON.parse(readFileSync(join(folder, file), 'utf8'));
      });
    const ours = async () => {
      const manager = new JobManager({ home });
      const time = await elapsed(async () => {
        const { length } = await manager.listJobs();
        if (length !== JOBS) throw new Error(`${length} jobs were listed, not ${JOBS}`);
      });
      await manager.close();
      return time;
    };
    await ours();
    const [us, bare] = await medians([ours, floor], 5);
    return [
      {
        name: 'open a store of 10,000 jobs',
        ours: Math.round(us),
        unit: 'ms',
        peers: [{ name: 'readFileSync + JSON.parse', value: Math.round(bare) }],
        ratio: round(us / bare),
        budget: 2,
        met: us / bare <= 2,
      },
    ];
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
