import { resolveHome } from '../../../core/fs/paths.ts';
import { pluralize } from '../../../core/lib/pluralize.ts';
import type { OperationOutput } from '../../../core/operations/call-operation.ts';
import type { CommandContext } from '../../context/context.ts';

/** Asks the scheduler to stop and waits until it has; Ctrl-C ends the waiting, not the stopping. */
export async function stopScheduler(
  context: CommandContext,
  force: boolean,
): Promise<OperationOutput<'stop_scheduler'>> {
  const { signal } = context.interrupt;
  if (await stopOlderScheduler(context, force)) return context.call('get_scheduler', {});
  let answer = await context.call('stop_scheduler', { force, wait_seconds: 1 });
  if (answer.running && !signal.aborted) {
    context.printMessage(
      `Waiting for ${pluralize(answer.running_runs, 'run')} to finish; Ctrl-C to wait no longer.`,
    );
  }
  while (answer.running && !signal.aborted) {
    try {
      answer = await context.call('stop_scheduler', { force, wait_seconds: 1 });
    } catch (error) {
      // It stopped between two questions.
      if ((error as { code?: unknown }).code !== 'scheduler_not_running') throw error;
      answer = await context.call('get_scheduler', {});
    }
  }
  return answer;
}

/**
 * Stops a scheduler of an older version, whose home this one does not open while it runs.
 * @returns whether there was one
 */
export async function stopOlderScheduler(context: CommandContext, force: boolean): Promise<boolean> {
  const { stopSchedulerOfOlderVersion } = await import('../../../core/scheduler/stop-older-scheduler.ts');
  const { database } = resolveHome({ home: context.globals.home });
  return stopSchedulerOfOlderVersion(database, {
    force,
    signal: context.interrupt.signal,
    onRequested: (pid, version) =>
      context.printMessage(
        `Waiting for the scheduler of version ${version} (pid ${pid}) to stop; Ctrl-C to wait no longer.`,
      ),
  });
}
