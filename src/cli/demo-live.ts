import { setTimeout as delay } from 'node:timers/promises';
import { countWords } from '../core/count-words.ts';
import { durationWords } from '../core/duration-words.ts';
import { isActive, type RunRecord } from '../core/run/record.ts';
import { toRunDict } from '../core/run/run-dict.ts';
import { SchedulerService } from '../core/scheduler/service.ts';
import type { CommandContext } from './context.ts';
import { EXIT } from './exit-codes.ts';
import { ProgressDisplay } from './progress.ts';
import { paintStatus } from './status-paint.ts';
import { visibleText } from './visible-text.ts';
import { instantWords } from './words.ts';

const LOOK_EVERY_MS = 200;

/** Runs the scheduler in this process and shows each run as it starts, goes on and ends, until Ctrl-C. */
export async function demoLive(context: CommandContext, firstJob: string): Promise<number> {
  const workspace = await context.workspace();
  const { signal } = context.interrupt;
  const service = new SchedulerService(workspace, {
    log: (level, message) => {
      if (level !== 'info') context.say(visibleText(`${level}: ${message}`));
    },
  });
  await service.start();
  const watch = new RunWatch(context);
  try {
    context.say(`The scheduler runs. ${firstJob} is due every minute, and once now. Ctrl-C ends it.\n`);
    await context.call('run_job', { job_id: firstJob });
    while (!signal.aborted && service.isRunning) {
      watch.look(workspace.runs.list({ limit: 20 }).runs);
      await delay(LOOK_EVERY_MS, undefined, { signal }).catch(() => {});
    }
  } finally {
    watch.close();
    await service.stop();
  }
  watch.look(workspace.runs.list({ limit: 20 }).runs);
  watch.close();
  context.say(`\nStopped. Everything is kept in ${visibleText(workspace.paths.home)}`);
  context.say(`Look around: quickscrape job history ${firstJob} --home ${visibleText(workspace.paths.home)}`);
  return context.interrupt.code ?? EXIT.done;
}

/** A line for each run that ended, and a bar for the one under way. */
class RunWatch {
  readonly #context: CommandContext;
  readonly #told = new Set<string>();
  #shown: { runId: string; display: ProgressDisplay } | undefined;

  constructor(context: CommandContext) {
    this.#context = context;
  }

  /** @param runs newest first */
  look(runs: readonly RunRecord[]): void {
    for (const run of runs.toReversed()) {
      if (isActive(run.status) || this.#told.has(run.runId)) continue;
      this.#told.add(run.runId);
      if (this.#shown?.runId === run.runId) this.close();
      this.#tell(run);
    }
    const running = runs.find(({ status }) => status === 'running');
    if (running === undefined) return;
    if (this.#shown?.runId !== running.runId) {
      this.close();
      this.#shown = {
        runId: running.runId,
        display: new ProgressDisplay(this.#context.err, running.jobId),
      };
    }
    this.#shown?.display.update(running);
  }

  close(): void {
    this.#shown?.display.stop();
    this.#shown = undefined;
  }

  #tell(record: RunRecord): void {
    const { out } = this.#context;
    const run = toRunDict(record, Date.now());
    const result = run.error?.message ?? run.reason ?? run.output_path ?? '';
    const counts = `${countWords(run.items, 'item')}, ${countWords(run.pages, 'page')}, ${durationWords(run.duration_ms)}`;
    out.write(
      `${instantWords(run.finished_at)}  ${visibleText(run.job_id)}  ${run.trigger}  ${paintStatus(out.colors, run.status)(run.status)}  ${counts}  ${visibleText(result)}\n`,
    );
  }
}
