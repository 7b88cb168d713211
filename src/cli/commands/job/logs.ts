import type { Command } from 'commander';
import { QuickscrapeError } from '../../../core/lib/errors.ts';
import type { Workspace } from '../../../core/workspace.ts';
import { leafCommand, onCommand } from '../../context/define-command.ts';
import { integerParser } from '../../flags/flag-values.ts';

interface Flags {
  run?: string;
  lines?: number;
  follow?: boolean;
}

export function jobLogs(): Command {
  const command = leafCommand('logs <job>', {
    description: 'Show the log of a job’s last run, or of one run.',
    json: '{ run_id, lines }; with --follow one JSON string a line',
    examples: [
      ['job logs news --follow', 'as it is written, until the run and its callback end'],
      ['job logs news --run k3f9 --lines 500', 'more of an earlier run'],
    ],
  })
    .option('--run <run>', 'this run in place of the last one')
    .option('--lines <n>', 'the last lines (default 100)', integerParser(0, 1_000_000))
    .option('--follow', 'go on until the run and its callback end');
  return onCommand<[string], Flags>(command, async (context, [job], { run, lines = 100, follow }) => {
    const [{ runFiles }, { isActive }, { isAlive }, { printLog }] = await Promise.all([
      import('../../../core/runs/run-files.ts'),
      import('../../../core/model/run-record.ts'),
      import('../../../core/process/identity.ts'),
      import('../print-log.ts'),
    ]);
    const workspace = await context.workspace();
    const record = run === undefined ? lastRun(workspace, job) : runOfJob(workspace, job, run);
    if (record.status === 'skipped' || record.status === 'missed')
      context.printMessage(`Run ${record.runId} was ${record.status} and has no log: ${record.reason ?? ''}`);
    const isFinished = () => {
      const now = workspace.runs.get(record.runId);
      if (now === undefined) return true;
      // Its process writes on after the outcome stands in the row: that the run is over, and what its callback prints.
      return !isActive(now.status) && (now.process === null || !isAlive(now.process));
    };
    await printLog(context, {
      file: runFiles(workspace.paths, record.jobId, record.runId).log,
      lines,
      extraFields: { run_id: record.runId },
      ...(follow && { follow: { isFinished } }),
    });
  });
}

function lastRun(workspace: Workspace, job: string) {
  const { id } = workspace.jobs.find(job);
  // An occurrence that was passed over has no log.
  const last = workspace.runs.latest(id);
  if (last !== undefined) return last;
  throw new QuickscrapeError('run_not_found', `job ${id} has not run yet`, {
    hint: `Run it now with: quickscrape job run ${id}`,
  });
}

function runOfJob(workspace: Workspace, job: string, run: string) {
  const record = workspace.runs.find(run);
  if (record.jobId.startsWith(job)) return record;
  throw new QuickscrapeError(
    'run_not_found',
    `run ${record.runId} belongs to job ${record.jobId}, not to ${job}`,
    {
      hint: `Show its log with: quickscrape job logs ${record.jobId} --run ${record.runId}`,
    },
  );
}
