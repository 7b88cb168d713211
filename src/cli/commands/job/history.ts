import { type Command, Option } from 'commander';
import { QuickscrapeError } from '../../../core/lib/errors.ts';
import { pluralize } from '../../../core/lib/text.ts';
import { runOfOtherJob } from '../../../core/runs/run-errors.ts';
import type { Workspace } from '../../../core/workspace.ts';
import { type CommandContext, resolveJobWithRuns } from '../../context/context.ts';
import { leafCommand, onCommand } from '../../context/define-command.ts';
import { integerParser } from '../../flags/flag-values.ts';
import type { Run } from '../../render/run-view.ts';
import { findLines, type LogFlags } from './log-lines.ts';

/** As in src/core/runs/read-log.ts, which is loaded late. */
const LOG_LEVELS = ['debug', 'info', 'warning', 'error'];

export function jobLogs(): Command {
  const command = leafCommand('logs <job>', {
    overSsh: true,
    description: 'Show the log of a job’s last run, or of one run.',
    json: '{ run_id, lines }; with --follow one JSON string a line',
    examples: [
      ['job logs news --follow', 'as it is written, until the run and its callback end'],
      ['job logs news --run k3f9 --lines 500', 'more of an earlier run'],
      ['job logs news --level warning', 'what went wrong'],
    ],
  })
    .option('--run <run>', 'this run in place of the last one')
    .option('--lines <n>', 'the last lines (default 100)', integerParser(0, 1_000_000))
    .addOption(new Option('--level <level>', 'only lines of this level and above').choices(LOG_LEVELS))
    .option('--find <text>', 'only lines with this text')
    .addOption(
      new Option('--follow', 'go on until the run and its callback end').conflicts(['level', 'find']),
    );
  return onCommand<[string], LogFlags>(command, async (context, [job], flags) => {
    const { run, lines = 100, follow, level, find } = flags;
    if (context.isRemote) {
      const { printRemoteLog } = await import('./remote-log.ts');
      return printRemoteLog(context, job, flags);
    }
    const [{ runFiles }, { isActive }, { isAlive }, { printLog }] = await Promise.all([
      import('../../../core/runs/run-files.ts'),
      import('../../../core/model/run-record.ts'),
      import('../../../core/process/identity.ts'),
      import('../print-log.ts'),
    ]);
    const workspace = await context.workspace();
    const record =
      run === undefined ? lastRun(context, workspace, job) : runOfJob(context, workspace, job, run);
    if (record.status === 'skipped' || record.status === 'missed')
      context.printMessage(`Run ${record.runId} was ${record.status} and has no log: ${record.reason ?? ''}`);
    if (level !== undefined || find !== undefined) {
      const texts = await findLines(context, { run_id: record.runId, level, find }, lines);
      await context.print({ run_id: record.runId, lines: texts }, () => texts.join('\n'));
      return;
    }
    const isFinished = () => {
      const now = workspace.runs.get(record.runId);
      if (now === undefined) return true;
      if (isActive(now.status)) return false;
      // The worker still writes to the log after the row has the outcome: the end of the run, and the output of its
      // callback. A worker of the scheduler then lives on.
      if (now.process === null || !isAlive(now.process)) return true;
      const isCalledBack = now.callback !== 'due' && now.callback !== 'running';
      return isCalledBack && workspace.clock.now() - (now.finishedAt ?? 0) > LAST_LINES_MS;
    };
    await printLog(context, {
      file: runFiles(workspace.paths, record.jobId, record.runId).log,
      lines,
      extraFields: { run_id: record.runId },
      ...(follow && { follow: { isFinished } }),
    });
  });
}

function lastRun(context: CommandContext, workspace: Workspace, job: string) {
  const { id } = workspace.jobs.find(job);
  // A skipped occurrence has no log.
  const last = workspace.runs.latest(id);
  if (last !== undefined) return last;
  throw new QuickscrapeError('run_not_found', `job ${id} has not run yet`, {
    hint: `Run it now with: ${context.command(`job run ${id}`)}`,
  });
}

function runOfJob(context: CommandContext, workspace: Workspace, job: string, run: string) {
  const record = workspace.runs.find(run);
  if (record.jobId.startsWith(job)) return record;
  const hint = `Show its log with: ${context.command(`job logs ${record.jobId} --run ${record.runId}`)}`;
  throw runOfOtherJob(record, job, hint);
}

/** How long after its outcome a run without a callback may write its last lines, in milliseconds. */
const LAST_LINES_MS = 1_000;

interface Flags {
  limit?: number;
  status?: Run['status'];
  since?: string;
}

export function jobHistory(): Command {
  const command = leafCommand('history <job>', {
    overSsh: true,
    description: 'List the runs of a job, newest first. The whole id of a deleted job works too.',
    json: 'list_runs: { runs, total, next_cursor? }',
    examples: [
      ['job history news --status failed', 'what went wrong'],
      ['job history news --since 2026-11-01 --json', 'for a script'],
    ],
  })
    .option('--limit <n>', 'at most this many (default 20)', integerParser(1, 1000))
    .addOption(
      new Option('--status <status>', 'only these').choices(
        'queued running waiting_retry succeeded failed timed_out cancelled skipped missed abandoned'.split(
          ' ',
        ),
      ),
    )
    .option('--since <instant>', 'only runs queued at or after this date or RFC 3339 instant');
  return onCommand<[string], Flags>(command, async (context, [job], { limit, status, since }) => {
    const jobId = await resolveJobWithRuns(context, job);
    const answer = await context.invoke('list_runs', {
      job_id: jobId,
      limit: limit ?? 20,
      ...(status !== undefined && { status }),
      ...(since !== undefined && { since }),
    });
    await context.print(answer, async () => {
      const { runTable } = await import('../../render/run-view.ts');
      return answer.runs.length === 0 ? '' : runTable(answer.runs, context.out);
    });
    if (context.globals.format !== 'table') return;
    if (answer.total === 0)
      context.printMessage(`No runs of job ${jobId}${(status ?? since) ? ' match' : ' yet'}.`);
    else if (answer.runs.length < answer.total) {
      context.printMessage(
        `${pluralize(answer.total - answer.runs.length, 'older run')}; raise --limit to see them.`,
      );
    }
  });
}
