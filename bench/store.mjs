import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JobManager, JobSchedule } from '../dist/index.js';
import { elapsed, medians, round } from './rounds.mjs';

const JOBS = 10_000;

/** Opening a store of 10,000 jobs, against reading and parsing the same files and nothing else. */
export async function store() {
  const home = mkdtempSync(join(tmpdir(), 'quickscrape-bench-'));
  try {
    const folder = await fill(home);
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

/** One real job file, written ten thousand times with another id: what is measured is reading. */
async function fill(home) {
  const manager = new JobManager({ home });
  const job = await manager.createJob({
    configName: 'prices',
    schedule: JobSchedule.daily('09:00', { timezone: 'Europe/Berlin' }),
    description: 'One of ten thousand',
  });
  await manager.close();
  const folder = join(home, 'jobs');
  const dict = JSON.parse(readFileSync(join(folder, `${job.id}.json`), 'utf8'));
  mkdirSync(folder, { recursive: true });
  rmSync(join(folder, `${job.id}.json`));
  for (let index = 0; index < JOBS; index += 1) {
    const id = `prices-${String(index).padStart(5, '0')}`;
    writeFileSync(join(folder, `${id}.json`), JSON.stringify({ ...dict, id }, null, 2));
  }
  return folder;
}
