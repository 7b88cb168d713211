import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import { sanitizeText } from '../../core/lib/terminal-text.ts';
import type { ScheduleDict } from '../../core/schedule/rule.ts';
import type { Workspace } from '../../core/workspace.ts';
import { startBookshop } from '../../sandbox/server.ts';
import type { CommandContext } from '../context/context.ts';
import {
  BOOK_JOBS,
  type DemoJob,
  demoConfigs,
  FAILING_JOB,
  MINUTE_JOB,
  MORE_JOBS,
  pastRuns,
} from './demo-jobs.ts';
import { demoLive } from './demo-live.ts';
import { demoOnce } from './demo-once.ts';
import { recordPastRun, setJobStateFromRuns } from './record-past-run.ts';

/** The demo: a bookshop on this machine, jobs over it, and either one run or the scheduler at work in the dashboard. */
export async function runDemo(context: CommandContext, once: boolean): Promise<number> {
  context.globals.home ??= mkdtempSync(join(tmpdir(), 'quickscrape-demo-'));
  const { signal } = context.interrupt;
  const workspace = await context.workspace('make');
  const shop = await startBookshop();
  try {
    context.printMessage(`A bookshop with 1,000 books is open at ${shop.url}`);
    context.printMessage(`Home: ${sanitizeText(workspace.paths.home)}`);
    await prepare(context, shop.url, once ? BOOK_JOBS : [...BOOK_JOBS, ...MORE_JOBS]);
    if (signal.aborted) return context.interrupt.code ?? 0;
    return once ? await demoOnce(context, MINUTE_JOB) : await demoLive(context, [MINUTE_JOB, FAILING_JOB]);
  } finally {
    await shop.close();
  }
}

/** The configurations and the jobs, as a person would make them. A home that has them already keeps them. */
async function prepare(context: CommandContext, url: string, jobs: readonly DemoJob[]): Promise<void> {
  const workspace = await context.workspace();
  const texts = demoConfigs(url);
  for (const name of ['books', 'prices'] as const) {
    if (jobs.some(({ fields }) => fields.config_name === name)) await putConfig(workspace, name, texts[name]);
  }
  for (const { fields, past } of jobs) {
    const { job, created } = await context.call('create_job', fields);
    if (!created || past === undefined) continue;
    const { id, config_name: configName } = job;
    const schedule = job.schedule as ScheduleDict;
    for (const run of pastRuns(past, schedule, Date.now()))
      recordPastRun(workspace.db, { id, configName, timezone: schedule.timezone }, run);
    setJobStateFromRuns(workspace.db, id);
  }
}

/** @throws QuickscrapeError `conflict` when the home has another one of the name */
async function putConfig({ configs }: Workspace, name: string, yaml: string): Promise<void> {
  const [firstLine] = yaml.split('\n');
  if (configs.has(name) && !configs.read(name).yaml.startsWith(`${firstLine}\n`)) {
    throw new QuickscrapeError('conflict', `this home has a configuration "${name}" of its own`, {
      hint: 'Give the demo another --home, or none: it makes a temporary one.',
    });
  }
  await configs.write(name, yaml);
}
