import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitForRun } from '../../core/execution/request-run.ts';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import { formatDuration } from '../../core/lib/format-duration.ts';
import { programFile } from '../../core/lib/program.ts';
import { sanitizeText } from '../../core/lib/sanitize-text.ts';
import { pluralize } from '../../core/lib/text.ts';
import type { RunRecord } from '../../core/model/run-record.ts';
import { shellQuote } from '../../core/process/shell.ts';
import type { ScheduleDict } from '../../core/schedule/rule.ts';
import { SchedulerService } from '../../core/scheduler/scheduler-service.ts';
import type { Workspace } from '../../core/workspace.ts';
import { startBookshop } from '../../sandbox/bookshop.ts';
import type { CommandContext } from '../context/context.ts';
import { EXIT } from '../context/exit-codes.ts';
import { ProgressDisplay } from '../render/progress-display.ts';
import { itemTable } from '../render/table.ts';
import {
  BOOK_JOBS,
  type DemoJob,
  demoConfigs,
  FAILING_JOB,
  HISTORY_JOB,
  MINUTE_JOB,
  MORE_JOBS,
} from './demo-jobs.ts';
import { pastRuns, recordPastRun, setJobStateFromRuns } from './demo-past.ts';
import { openShop, programInvocation } from './demo-shop.ts';
import { recordPastFindings } from './past-findings.ts';
import { recordPastItems } from './past-items.ts';

/**
 * Runs the scheduler and the bookshop in this process, and the dashboard in another one, until the user leaves it. The
 * dashboard needs its own process, because an editor opened from it blocks the whole process.
 */
export async function demoLive(context: CommandContext, first: readonly string[]): Promise<number> {
  const workspace = await context.workspace();
  const { signal } = context.interrupt;
  const errorLines: string[] = [];
  const service = new SchedulerService(workspace, {
    log: (level, message) => {
      // Now the dashboard uses the screen. Warnings are dropped because it shows their causes: one job fails on
      // purpose.
      if (level === 'error') errorLines.push(`${level}: ${message}`);
    },
  });
  await service.start();
  let exitCode: number;
  try {
    for (const id of first) await runOnce(context, id);
    exitCode = await showDashboard(workspace.paths.home, context, signal);
  } finally {
    await service.stop();
    await stopStarted(context);
  }
  for (const line of errorLines) context.printMessage(sanitizeText(line));
  context.printMessage(`Stopped. Everything is kept in ${sanitizeText(workspace.paths.home)}`);
  const home = `--home ${shellQuote(sanitizeText(workspace.paths.home))}`;
  context.printMessage(`Look around: ${programInvocation()} tui ${home}`);
  context.printMessage(`Open the shop again: ${programInvocation()} demo ${home}`);
  return context.interrupt.code ?? exitCode;
}

/** Stops a scheduler that was started from the dashboard: without the shop, all its runs would fail. */
async function stopStarted(context: CommandContext): Promise<void> {
  try {
    await context.call('stop_scheduler', { force: true });
  } catch (error) {
    if (!(error instanceof QuickscrapeError) || error.code !== 'scheduler_not_running') throw error;
  }
}

/** Starts a run, unless the schedule has just started one. */
async function runOnce(context: CommandContext, jobId: string): Promise<void> {
  try {
    await context.call('run_job', { job_id: jobId });
  } catch (error) {
    if (!(error instanceof QuickscrapeError) || error.code !== 'conflict') throw error;
  }
}

/** Resolves with the dashboard's exit code. */
function showDashboard(home: string, { globals }: CommandContext, signal: AbortSignal): Promise<number> {
  // The broken job first: what a dashboard is for.
  const args = ['tui', '--home', home, '--job', FAILING_JOB, ...(globals.color ? [] : ['--no-color'])];
  const child = spawn(process.execPath, [programFile('cli'), ...args], { stdio: 'inherit' });
  const end = () => child.kill();
  signal.addEventListener('abort', end);
  return codeOf(child).finally(() => signal.removeEventListener('abort', end));
}

function codeOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? EXIT.failed));
  });
}

const SAMPLE_ITEMS = 5;

/** Runs a job once, and shows its items and its output file. */
export async function demoOnce(context: CommandContext, jobId: string): Promise<number> {
  const workspace = await context.workspace();
  const { signal } = context.interrupt;
  const started = await context.call('run_job', { job_id: jobId });
  const display = new ProgressDisplay(context.err, jobId);
  let ended: RunRecord;
  try {
    ended = await waitForRun(workspace, started.run.run_id, {
      signal,
      onChange: (run) => display.update(run),
    });
  } finally {
    display.stop();
  }
  if (signal.aborted) {
    await context.call('cancel_run', { run_id: ended.runId });
    return context.interrupt.code ?? EXIT.interrupted;
  }
  const { run, sample, log_tail } = await context.call('get_run', {
    run_id: ended.runId,
    sample_items: SAMPLE_ITEMS,
  });
  await context.print({ home: workspace.paths.home, run, sample }, () => {
    const counts = `${pluralize(run.items, 'item')} from ${pluralize(run.pages, 'page')} in ${formatDuration(run.duration_ms)}`;
    return [
      ...(sample.length > 0 ? [itemTable(sample, context.out), ''] : []),
      `${context.out.colors.green(run.status)} ${counts}`,
      sanitizeText(run.output_path ?? 'no file'),
    ].join('\n');
  });
  if (run.status === 'succeeded') return EXIT.done;
  for (const line of log_tail) context.printMessage(sanitizeText(line));
  return EXIT.failed;
}

/** Runs the demo: a local bookshop, jobs that scrape it, and either one run or the scheduler with the dashboard. */
export async function runDemo(context: CommandContext, once: boolean): Promise<number> {
  context.globals.home ??= mkdtempSync(join(tmpdir(), 'quickscrape-demo-'));
  context.globals.homeArgument ??= context.globals.home;
  const { signal } = context.interrupt;
  const workspace = await context.workspace('make');
  const port = findEarlierPort(workspace);
  const { shop, note } =
    port === undefined ? { shop: await startBookshop() } : await openShop(undefined, port);
  try {
    if (note !== undefined) context.printMessage(note);
    context.printMessage(`A bookshop with 1,000 books is open at ${shop.url}`);
    context.printMessage(`Home: ${sanitizeText(workspace.paths.home)}`);
    await prepare(context, shop.url, once ? BOOK_JOBS : [...BOOK_JOBS, ...MORE_JOBS]);
    if (port !== undefined) await moveConfigs(workspace, port, shop.port);
    if (signal.aborted) return context.interrupt.code ?? 0;
    return once
      ? await demoOnce(context, MINUTE_JOB)
      : await demoLive(context, [MINUTE_JOB, FAILING_JOB, HISTORY_JOB]);
  } finally {
    await shop.close();
  }
}

/** Creates the configurations and the jobs. Existing ones are not changed. */
async function prepare(context: CommandContext, url: string, jobs: readonly DemoJob[]): Promise<void> {
  const workspace = await context.workspace();
  const texts = demoConfigs(url);
  for (const [name, text] of Object.entries(texts))
    if (jobs.some(({ fields }) => fields.config_name === name))
      await putConfig(workspace, name, { text, url });
  for (const { fields, past } of jobs) {
    const { job, created } = await context.call('create_job', fields);
    if (!created || past === undefined) continue;
    const { id, config_name: configName } = job;
    const schedule = job.schedule as ScheduleDict;
    // A thousand transactions would be a wait that a newcomer feels.
    const succeeded: { runId: string; at: number; items: number; pages: number }[] = [];
    workspace.db.transaction(() => {
      for (const run of pastRuns(past, schedule, Date.now())) {
        const runId = recordPastRun(workspace.db, { id, configName, timezone: schedule.timezone }, run);
        if (runId !== undefined && run.status === 'succeeded') succeeded.push({ ...run, runId });
      }
    });
    recordPastFindings(workspace, { id, configName }, succeeded);
    await recordPastItems(workspace, { id, configName }, { runs: succeeded, kept: past.keptItems ?? 0, url });
    setJobStateFromRuns(workspace.db, id, past.isPaused);
  }
}

/** The address of the shop of an earlier demo. */
const SHOP_URL = /http:\/\/127\.0\.0\.1:(\d+)\//g;

/** The port that the shop had when the demo was last started in this home, so that it has the same one again. */
function findEarlierPort({ configs }: Workspace): number | undefined {
  for (const [name, text] of Object.entries(demoConfigs('http://127.0.0.1:0/'))) {
    const known = configs.has(name) ? configs.read(name).yaml : '';
    const port = isOfDemo(known, text) ? [...known.matchAll(SHOP_URL)][0]?.[1] : undefined;
    if (port !== undefined && Number(port) > 0 && Number(port) <= MAX_PORT) return Number(port);
  }
  return undefined;
}

const MAX_PORT = 65_535;

function isOfDemo(known: string, text: string): boolean {
  const [firstLine] = text.split('\n');
  return known.startsWith(`${firstLine}\n`);
}

/** Empty for a file that cannot be read. */
function readText(configs: Workspace['configs'], name: string): string {
  try {
    return configs.read(name).yaml;
  } catch (error) {
    if (error instanceof QuickscrapeError) return '';
    throw error;
  }
}

/** Where the earlier port was taken: gives the shop's new address to the configurations that a person has added. */
async function moveConfigs({ configs }: Workspace, from: number, to: number): Promise<void> {
  if (from === to) return;
  const earlier = new RegExp(`http://127\\.0\\.0\\.1:${from}(?!\\d)`, 'g');
  for (const { name } of configs.list()) {
    const yaml = readText(configs, name);
    const moved = yaml.replaceAll(earlier, `http://127.0.0.1:${to}`);
    if (moved !== yaml) await configs.write(name, moved);
  }
}

/**
 * Of a configuration that an earlier demo has made, only the address of the shop is changed: a person may have repaired it.
 * @throws QuickscrapeError `conflict` when the home has another one of the name
 */
async function putConfig(
  { configs }: Workspace,
  name: string,
  { text, url }: { text: string; url: string },
): Promise<void> {
  if (!configs.has(name)) {
    await configs.write(name, text);
    return;
  }
  const known = configs.read(name).yaml;
  if (!isOfDemo(known, text)) {
    throw new QuickscrapeError('conflict', `this home has a configuration "${name}" of its own`, {
      hint: 'Give the demo another --home, or none: it makes a temporary one.',
    });
  }
  const moved = known.replaceAll(SHOP_URL, url);
  if (moved !== known) await configs.write(name, moved);
}
