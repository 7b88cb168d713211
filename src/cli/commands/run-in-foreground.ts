import { setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { sanitizeText } from '../../core/lib/terminal-text.ts';
import type { CommandContext } from '../context/context.ts';
import { EXIT } from '../context/exit-codes.ts';

/** Below, what is left over is not worth a stop of the process: bytes of the heap. */
const MIN_HEAP_BYTES = 16 * 1024 * 1024;

/**
 * Keeps the space for new objects as small as it is at first, a megabyte for those that are alive: V8 lets it grow to
 * sixteen times that while much is read, and a program that idles from then on keeps it for long. For a process that is
 * our own.
 */
export function limitSemiSpace(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}

/**
 * Gives the system back what a large start has left over. A program that idles from then on is asked for nothing that would
 * make V8 do so by itself: with 100,000 jobs a scheduler held twice what it needs for minutes. Stops the process for a
 * few milliseconds, 200 with 100,000 jobs; this is for a process that is our own.
 */
export function releaseMemory(): void {
  if (process.memoryUsage().heapTotal < MIN_HEAP_BYTES) return;
  // Only contexts that are made from here on have it.
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect !== 'function') return;
  // Pages with a few objects each are given back only when those move together.
  setFlagsFromString('--compact-on-every-full-gc');
  collect();
  setFlagsFromString('--no-compact-on-every-full-gc');
}

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
  const { SchedulerService } = await import('../../core/scheduler/scheduler-service.ts');
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
