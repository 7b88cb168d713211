import type { Command } from 'commander';
import { leafCommand, onCommand } from '../../context/define-command.ts';
import { resolveRunId } from './resolve-ids.ts';

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
