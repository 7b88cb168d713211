import { countWords } from '../core/count-words.ts';
import type { OperationOutput } from '../core/operations/call-operation.ts';
import type { CommandContext } from './context.ts';

/** Asks the scheduler to stop and waits until it has; Ctrl-C ends the waiting, not the stopping. */
export async function stopScheduler(
  context: CommandContext,
  force: boolean,
): Promise<OperationOutput<'stop_scheduler'>> {
  const { signal } = context.interrupt;
  let answer = await context.call('stop_scheduler', { force, wait_seconds: 1 });
  if (answer.running && !signal.aborted) {
    context.say(`Waiting for ${countWords(answer.running_runs, 'run')} to finish; Ctrl-C to wait no longer.`);
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
