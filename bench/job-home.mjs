import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { JobManager, JobSchedule } from '../dist/index.js';

/**
 * A home in a temporary folder with so many jobs `prices-00000`, `prices-00001` …: one real job file, written again and
 * again with another id.
 * @param fieldsOf what job number `index` has of its own
 * @param options.isNoted false for a home whose files nobody has looked at
 * @param options.schedule of all jobs; daily unless given
 * @param options.configs the configurations' texts by name; the first is that of all jobs
 * @param options.settings what stands in `settings.yaml`
 */
export async function jobHome(
  jobs,
  fieldsOf = () => ({}),
  { isNoted = true, schedule = DAILY, configs = { prices: NOWHERE }, settings } = {},
) {
  const home = mkdtempSync(join(tmpdir(), 'quickscrape-bench-'));
  mkdirSync(join(home, 'configs'), { recursive: true });
  for (const [name, text] of Object.entries(configs))
    writeFileSync(join(home, 'configs', `${name}.yaml`), text);
  if (settings !== undefined) writeFileSync(join(home, 'settings.yaml'), JSON.stringify(settings));
  const manager = new JobManager({ home });
  const job = await manager.createJob({
    configName: Object.keys(configs)[0],
    schedule,
    description: 'One of many',
  });
  const folder = join(home, 'jobs');
  const dict = JSON.parse(readFileSync(join(folder, `${job.id}.json`), 'utf8'));
  rmSync(join(folder, `${job.id}.json`));
  for (let index = 0; index < jobs; index += 1) {
    const id = `prices-${String(index).padStart(5, '0')}`;
    writeFileSync(join(folder, `${id}.json`), JSON.stringify({ ...dict, ...fieldsOf(index), id }, null, 2));
  }
  // The first look notes each definition in the database.
  if (isNoted) await manager.listJobs();
  await manager.close();
  return home;
}

/** Removes a home in which runs may write for a moment still: what one does after its outcome, its scheduler being killed. */
export async function removeHome(home) {
  for (let left = 50; ; left -= 1) {
    try {
      rmSync(home, { recursive: true, force: true });
      return;
    } catch (error) {
      if (error.code !== 'ENOTEMPTY' || left === 0) throw error;
      await delay(100);
    }
  }
}

const DAILY = JobSchedule.daily('09:00', { timezone: 'Europe/Berlin' });
const NOWHERE = 'url: http://127.0.0.1:9/\nitem: li\nselectors: { name: b }\n';
