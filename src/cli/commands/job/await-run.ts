import { sanitizeText } from '../../../core/lib/terminal-text.ts';
import type { RunRecord } from '../../../core/model/run-record.ts';
import type { CommandContext } from '../../context/context.ts';
import { EXIT } from '../../context/exit-codes.ts';
import { ProgressDisplay } from '../../render/progress-display.ts';
import { type Run, runDetails } from '../../render/run-view.ts';

/**
 * Waits for a run, shows its progress on stderr and prints its outcome. Ctrl-C cancels the run.
 * @returns the exit code: 0 when the run succeeded
 */
export async function awaitRun(context: CommandContext, runId: string): Promise<number> {
  const workspace = await context.workspace();
  const { waitForRun } = await import('../../../core/execution/request-run.ts');
  const { signal } = context.interrupt;
  const display = new ProgressDisplay(context.err, `run ${runId}`);
  let ended: RunRecord;
  try {
    ended = await waitForRun(workspace, runId, { signal, onChange: (run) => display.update(run) });
  } finally {
    display.stop();
  }
  if (signal.aborted) {
    context.printMessage(`Cancelling run ${runId} …`);
    await context.call('cancel_run', { run_id: runId });
  }
  const details = await context.call('get_run', {
    run_id: ended.runId,
    log_lines: 5,
    sample_items: 0,
  });
  const { run, log_tail } = details;
  await context.print({ run }, () => runDetails(details, context.out));
  if (context.interrupt.code !== undefined) return context.interrupt.code;
  if (run.status === 'succeeded') return EXIT.done;
  if (context.globals.format === 'table') printFailure(context, run, log_tail);
  return EXIT.failed;
}

function printFailure(context: CommandContext, run: Run, log: readonly string[]): void {
  const { colors } = context.err;
  context.printMessage(`${colors.red('error:')} run ${run.run_id} ${run.status.replace('_', ' ')}`);
  for (const line of dropErrorLines(log, run.error?.message))
    context.printMessage(colors.dim(`  ${sanitizeText(line)}`));
  context.printMessage(
    `${colors.dim('hint:')} quickscrape job logs ${run.job_id} --run ${run.run_id} --lines 200`,
  );
}

/**
 * Removes the run's error from the end of its log. It was just printed, and the log repeats it as an attempt's error.
 */
function dropErrorLines(log: readonly string[], message: string | undefined): readonly string[] {
  if (message === undefined) return log;
  // A log line may contain only the first line of a longer message.
  const [first = ''] = message.split('\n');
  return first === '' ? log : log.filter((line) => !line.includes(first));
}
