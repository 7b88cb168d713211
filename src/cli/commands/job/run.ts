import type { Command } from 'commander';
import { leafCommand, onCommand } from '../../context/define-command.ts';
import { resolveJobId } from './resolve-ids.ts';

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
