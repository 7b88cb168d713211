import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { JobSchedule } from '../dist/index.js';
import { cronOf, periodsFor } from './schedules.mjs';
import { Timeline } from './timeline.mjs';

/** How a job's page behaves, and how many of a hundred jobs have such a page. */
const KINDS = [
  ['fine', 62],
  ['failing', 12],
  ['flaky', 12],
  ['slow', 8],
  ['stuck', 6],
];

/** Makes a home's jobs: every policy, good and bad pages, periods of seconds to minutes. */
export async function makeJobs(home, count, rate, site, random) {
  const periods = periodsFor(count, rate, random);
  for (let index = 0; index < count; index += 1) {
    const id = `${home.name}-${String(index).padStart(3, '0')}`;
    const kind = kindOf(random.next() * 100);
    const period = periods[index];
    const job = { id, kind, schedule: { period, offset: random.whole(period) }, timeline: new Timeline() };
    writeFileSync(join(home.folder, 'configs', `${id}.yaml`), configOf(`${site.url}/${kind}/${id}`));
    job.overlap = random.pick(['skip', 'queue', 'cancel_running', 'allow']);
    job.description = 'new';
    await home.manager.createJob({
      id,
      configName: id,
      schedule: scheduleOf(job.schedule),
      description: job.description,
      outputFormat: random.pick(['csv', 'json', 'jsonl']),
      overlap: job.overlap,
      catchUp: random.pick(['latest', 'all', 'none']),
      misfireGraceTime: random.pick([null, null, 30]),
      stagger: random.pick([0, 1, 1]),
      maxRetries: random.pick([0, 1, 2]),
      retryDelay: random.pick([0, 1, 3]),
      timeout: kind === 'stuck' ? 2 : 60,
      priority: random.whole(3),
      // Rows are read each few seconds: none may come and go between.
      keepRuns: Math.ceil(180 / period) + 10,
    });
    home.jobs.push(job);
  }
}

export function scheduleOf(schedule) {
  return JobSchedule.custom(cronOf(schedule), { timezone: 'UTC' });
}

function kindOf(percent) {
  let sum = 0;
  for (const [kind, share] of KINDS) {
    sum += share;
    if (percent < sum) return kind;
  }
  return 'fine';
}

function configOf(url) {
  return `url: "${url}"\nitem: li.row\nselectors:\n  name: b\noutput:\n  path: "{config_name}"\n`;
}
