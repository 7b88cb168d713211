import type { Command } from 'commander';
import { QuickscrapeError } from '../../../core/lib/errors.ts';
import { sanitizeText } from '../../../core/lib/sanitize-text.ts';
import { type CommandContext, readRun, resolveJobId, resolveRunId } from '../../context/context.ts';
import { leafCommand, onCommand } from '../../context/define-command.ts';
import { EXIT } from '../../context/exit-codes.ts';
import { collectParams } from '../../flags/flag-values.ts';
import type { ProgressCounts } from '../../render/progress-display.ts';
import type { Run } from '../../render/run-view.ts';

export function jobRun(): Command {
  const command = leafCommand('run <job>', {
    overSsh: true,
    description:
      'Run a job now, whatever its schedule, with one attempt. Waits for its end and exits 1 when it failed; Ctrl-C cancels it.',
    json: 'run_job: { run, warnings }',
    examples: [
      ['job run news', 'with progress, until it ends'],
      ['job run news --background', 'returns at once; see: quickscrape job history news'],
      ['job run shop-berlin --param pages=1', 'with another value for this run only'],
    ],
  })
    .option('--background', 'do not wait for its end')
    .option('--param <name=value>', 'a value for a parameter, for this run only', collectParams);
  type Flags = { background?: boolean; param?: Record<string, string> };
  return onCommand<[string], Flags>(command, async (context, [job], { background, param }) => {
    const jobId = await resolveJobId(context, job);
    const answer = await context.call('run_job', {
      job_id: jobId,
      ...(param !== undefined && { params: param }),
    });
    const { run_id: runId } = answer.run;
    if (!background) return awaitRun(context, runId);
    await context.print(
      answer,
      () =>
        `Run ${runId} of job ${jobId} is ${answer.run.status}. Follow it with: ${context.command(`job logs ${jobId} --follow`)}`,
    );
    return 0;
  });
}

export function jobRetry(): Command {
  const command = leafCommand('retry <run>', {
    overSsh: true,
    description: 'Run the job of an earlier run again, as a new run marked as its retry. Waits like job run.',
    json: 'retry_run: { run }',
    examples: [['job retry k3f9', 'the unique beginning of a run’s id is enough']],
  }).option('--background', 'do not wait for its end');
  return onCommand<[string], { background?: boolean }>(command, async (context, [run], { background }) => {
    const answer = await context.call('retry_run', { run_id: await resolveRunId(context, run) });
    const { run_id: runId, job_id: jobId } = answer.run;
    if (!background) return awaitRun(context, runId);
    await context.print(answer, () => `Run ${runId} of job ${jobId} is ${answer.run.status}.`);
    return 0;
  });
}

export function jobCancel(): Command {
  const command = leafCommand('cancel <run>', {
    overSsh: true,
    description: 'Stop a run that is queued, running or waiting for a retry.',
    json: 'cancel_run: { run, warnings }',
    examples: [['job cancel k3f9', 'its id is in: quickscrape job history JOB']],
  });
  return onCommand<[string], object>(command, async (context, [run]) => {
    const { isActive } = await import('../../../core/model/run-record.ts');
    const { runId, status } = await readRun(context, run);
    const answer = await context.call('cancel_run', { run_id: runId });
    await context.print(answer, () => {
      if (!isActive(status)) return `Run ${runId} had already finished: ${status}`;
      if (answer.warnings.length > 0)
        return `Asked for the cancellation of run ${runId}: ${answer.warnings.join('; ')}`;
      return answer.run.status === 'cancelled'
        ? `Cancelled run ${runId}`
        : `Run ${runId} ended before it could be cancelled: ${answer.run.status}`;
    });
  });
}

/**
 * Waits for a run, shows its progress on stderr and prints its outcome. Ctrl-C cancels the run.
 * @returns the exit code: 0 when the run succeeded
 */
async function awaitRun(context: CommandContext, runId: string): Promise<number> {
  const [{ ProgressDisplay }, { runDetails }] = await Promise.all([
    import('../../render/progress-display.ts'),
    import('../../render/run-view.ts'),
  ]);
  const { signal } = context.interrupt;
  const display = new ProgressDisplay(context.err, `run ${runId}`);
  try {
    await waitForEnd(context, runId, (counts) => display.update(counts));
  } finally {
    display.stop();
  }
  if (signal.aborted) {
    context.printMessage(`Cancelling run ${runId} …`);
    await context.call('cancel_run', { run_id: runId });
  }
  const details = await context.call('get_run', {
    run_id: runId,
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

/** Resolves when a run has ended, or after Ctrl-C. */
async function waitForEnd(
  context: CommandContext,
  runId: string,
  onChange: (counts: ProgressCounts) => void,
): Promise<void> {
  const { signal } = context.interrupt;
  if (!context.isRemote) {
    const { waitForRun } = await import('../../../core/execution/request-run.ts');
    await waitForRun(await context.workspace(), runId, { signal, onChange });
    return;
  }
  const { waitForRemoteRun } = await import('../../context/remote-home.ts');
  let job = 'JOB';
  const wait = waitForRemoteRun(await context.connection(), runId, {
    signal,
    isInterrupted: () => context.isInterrupted(),
    onChange: ({ job_id, pages, items, progress }) => {
      job = job_id;
      onChange({ pages, items, totalPages: progress ? Math.round(pages / progress) : null });
    },
  });
  await wait.catch((error: unknown) => {
    if (!(error instanceof QuickscrapeError)) throw error;
    const hint = `Run ${runId} goes on there. Follow it with: ${context.command(`job logs ${job} --run ${runId} --follow`)}`;
    throw new QuickscrapeError(error.code, error.message, { hint });
  });
  // Ctrl-C in a terminal has ended ssh too, or will in a moment.
  if (signal.aborted) context.disconnect();
}

function printFailure(context: CommandContext, run: Run, log: readonly string[]): void {
  const { colors } = context.err;
  context.printMessage(`${colors.red('error:')} run ${run.run_id} ${run.status.replace('_', ' ')}`);
  for (const line of dropErrorLines(log, run.error?.message))
    context.printMessage(colors.dim(`  ${sanitizeText(line)}`));
  context.printMessage(
    `${colors.dim('hint:')} ${context.command(`job logs ${run.job_id} --run ${run.run_id} --lines 200`)}`,
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
