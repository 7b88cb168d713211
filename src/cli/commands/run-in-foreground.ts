import { setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { sanitizeText } from '../../core/lib/sanitize-text.ts';
import type { ServiceManager } from '../../core/process/service-manager.ts';
import type { CommandContext } from '../context/context.ts';
import { EXIT } from '../context/exit-codes.ts';

/** With a smaller heap, releasing memory is not worth the pause. Bytes. */
const MIN_HEAP_BYTES = 16 * 1024 * 1024;

/**
 * Limits the space for new objects to its initial size, one megabyte for live objects. V8 lets it grow to sixteen times
 * that under load, and keeps it for long in a program that is then idle. Only for processes that run nothing else.
 */
export function limitSemiSpace(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}

/**
 * Returns unused memory to the system after a large start. V8 does not do so by itself in an idle program: with 100,000
 * jobs a scheduler held twice the memory that it needs for minutes. Pauses the process for a few milliseconds, 200 with
 * 100,000 jobs. Only for processes that run nothing else.
 */
export function releaseMemory(): void {
  if (process.memoryUsage().heapTotal < MIN_HEAP_BYTES) return;
  // Only contexts that are created after this have `gc`.
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect !== 'function') return;
  // Without compaction, pages with only a few objects are not returned.
  setFlagsFromString('--compact-on-every-full-gc');
  collect();
  setFlagsFromString('--no-compact-on-every-full-gc');
}

/** Whether systemd waits for news of this process (sd_notify). */
export function hasServiceManager(): boolean {
  return Boolean(process.env['NOTIFY_SOCKET']);
}

/**
 * Job definitions in the cache, about a kilobyte each. The file of a due job that is not cached is read again: 25 µs.
 */
const MAX_CACHED_JOBS = 1_000;

/**
 * Runs the scheduler in this process, with its log on stderr, until a signal or `scheduler stop`. After the first
 * signal, active runs finish; a second one ends the process at once.
 * @returns 130 after Ctrl-C, 0 after any other stop
 * @throws QuickscrapeError `store_unavailable` when it lost its home or its lease
 */
export async function runInForeground(context: CommandContext): Promise<number> {
  limitSemiSpace();
  const { SchedulerService } = await import('../../core/scheduler/scheduler-service.ts');
  const workspace = await context.workspace();
  const { signal } = context.interrupt;
  workspace.jobs.limitCache(MAX_CACHED_JOBS);
  const log = (level: string, message: string) =>
    context.printMessage(`${new Date().toISOString()} ${level} ${sanitizeText(message)}`);
  let manager: ServiceManager | undefined;
  const service = new SchedulerService(workspace, { log, onStopping: () => manager?.stopping() });
  await service.start();
  if (hasServiceManager()) {
    const { managedScheduler, openServiceManager } = await import('./managed-service.ts');
    manager = openServiceManager(managedScheduler(service, workspace), log);
  }
  releaseMemory();
  const interrupted = new Promise<void>((resolve) =>
    signal.addEventListener('abort', () => resolve(), { once: true }),
  );
  await Promise.race([service.stopped, interrupted]);
  if (signal.aborted && service.isRunning) {
    context.printMessage(
      'Stopping once the active runs have finished. Interrupt again to stop at once: the active runs then continue on their own.',
    );
    await service.stop();
  }
  manager?.close();
  // Gives the last log line time to be written.
  await delay(0);
  if (service.loss) {
    // The watcher of a removed folder may still hold resources; they must not keep the process alive.
    setTimeout(() => process.exit(EXIT.failed), 2_000).unref();
    throw service.loss;
  }
  return context.interrupt.code === EXIT.interrupted ? EXIT.interrupted : EXIT.done;
}
