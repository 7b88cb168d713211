import { setTimeout as delay } from 'node:timers/promises';
import { sanitizeText } from '../../../core/lib/terminal-text.ts';
import type { CommandContext } from '../../context/context.ts';
import { EXIT } from '../../context/exit-codes.ts';
import { limitSemiSpace, releaseMemory } from './release-memory.ts';

/** Definitions that are kept, a kilobyte each. The file of a due job that is not among them is read again: 25 µs. */
const MAX_CACHED_JOBS = 1_000;

/**
 * Runs the scheduler in this process, its log on stderr, until it is asked to stop: by a signal (running runs are
 * let finish; a second signal ends at once) or by `scheduler stop`.
 * @returns 130 after Ctrl-C, 0 after any other stop
 * @throws QuickscrapeError `store_unavailable` when it lost its home or its lease
 */
export async function runInForeground(context: CommandContext): Promise<number> {
  limitSemiSpace();
  const { SchedulerService } = await import('../../../core/scheduler/scheduler-service.ts');
  const workspace = await context.workspace();
  const { signal } = context.interrupt;
  workspace.jobs.limitCache(MAX_CACHED_JOBS);
  const service = new SchedulerService(workspace, {
    log: (level, message) =>
      context.printMessage(`${new Date().toISOString()} ${level} ${sanitizeText(message)}`),
  });
  await service.start();
  releaseMemory();
  const interrupted = new Promise<void>((resolve) =>
    signal.addEventListener('abort', () => resolve(), { once: true }),
  );
  await Promise.race([service.stopped, interrupted]);
  if (signal.aborted && service.isRunning) {
    context.printMessage('Stopping: running runs are let finish; once more to leave them to themselves.');
    await service.stop();
  }
  // Its last log line is on its way.
  await delay(0);
  if (service.loss) {
    // What the watcher of a removed folder leaves behind must not keep this process.
    setTimeout(() => process.exit(EXIT.failed), 2_000).unref();
    throw service.loss;
  }
  return context.interrupt.code === EXIT.interrupted ? EXIT.interrupted : EXIT.done;
}
