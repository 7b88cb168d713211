import type { Command } from 'commander';
import { resolveJobId, resolveRunId } from '../../context/context.ts';
import { leafCommand, onCommand } from '../../context/define-command.ts';

export function jobRun(): Command {
  const command = leafCommand('run <job>', {
    description:
      'Run a job now, whatever its schedule, with one attempt. Waits for its end and exits 1 when it failed; Ctrl-C cancels it.',
    json: 'run_job: { run, warnings }',
    examples: [
      ['job run news', 'with progress, until it is over'],
      ['job run news --background', 'returns at once; see: quickscrape job history news'],
    ],
  }).option('--background', 'do not wait for its end');
  return onCommand<[string], { background?: boolean }>(command, async (context, [job], { background }) => {
    const jobId = await resolveJobId(context, job);
    const answer = await context.call('run_job', { job_id: jobId });
    const { run_id: runId } = answer.run;
    if (!background) {
      const { awaitRun } = await import('./await-run.ts');
      return awaitRun(context, runId);
    }
    await context.print(
      answer,
      () =>
        `Run ${runId} of job ${jobId} is ${answer.run.status}. Follow it with: quickscrape job logs ${jobId} --follow`,
    );
    return 0;
  });
}

export function jobRetry(): Command {
  const command = leafCommand('retry <run>', {
    description: 'Run the job of an earlier run again, as a new run marked as its retry. Waits like job run.',
    json: 'retry_run: { run }',
    examples: [['job retry k3f9', 'the unique beginning of a run’s id is enough']],
  }).option('--background', 'do not wait for its end');
  return onCommand<[string], { background?: boolean }>(command, async (context, [run], { background }) => {
    const answer = await context.call('retry_run', { run_id: await resolveRunId(context, run) });
    const { run_id: runId, job_id: jobId } = answer.run;
    if (!background) {
      const { awaitRun } = await import('./await-run.ts');
      return awaitRun(context, runId);
    }
    await context.print(answer, () => `Run ${runId} of job ${jobId} is ${answer.run.status}.`);
    return 0;
  });
}

export function jobCancel(): Command {
  const command = leafCommand('cancel <run>', {
    description: 'Stop a run that is queued, running or waiting for a retry.',
    json: 'cancel_run: { run }',
    examples: [['job cancel k3f9', 'its id is in: quickscrape job history JOB']],
  });
  return onCommand<[string], object>(command, async (context, [run]) => {
    const { isActive } = await import('../../../core/model/run-record.ts');
    const { runId, status } = (await context.workspace()).runs.find(run);
    const answer = await context.call('cancel_run', { run_id: runId });
    await context.print(answer, () => {
      if (!isActive(status)) return `Run ${runId} was over already: ${status}`;
      return answer.run.status === 'cancelled'
        ? `Cancelled run ${runId}`
        : `Run ${runId} ended before it could be cancelled: ${answer.run.status}`;
    });
  });
}
