import { setTimeout as delay } from 'node:timers/promises';
import { QuickscrapeError } from '../../../core/lib/errors.ts';
import { safeJson, sanitizeText } from '../../../core/lib/sanitize-text.ts';
import { isActive, type StoredStatus } from '../../../core/model/run-record.ts';
import type { OperationOutput } from '../../../core/operations/call-operation.ts';
import { runOfOtherJob } from '../../../core/runs/run-errors.ts';
import { type CommandContext, readRun, resolveJobWithRuns } from '../../context/context.ts';
import { findLines, type LogFlags } from './log-lines.ts';

/** Prints the log of a run in a home on another machine. */
export async function printRemoteLog(context: CommandContext, job: string, flags: LogFlags): Promise<void> {
  const { run, lines = 100, follow, level, find } = flags;
  const { runId, status, reason } =
    run === undefined ? await lastRun(context, job) : await runOfJob(context, job, run);
  if (status === 'skipped' || status === 'missed')
    context.printMessage(`Run ${runId} was ${status} and has no log: ${reason ?? ''}`);
  if (follow) {
    await followLog(context, runId, lines);
    return;
  }
  const texts = await findLines(context, { run_id: runId, level, find }, lines);
  await context.print({ run_id: runId, lines: texts }, () => texts.map(sanitizeText).join('\n'));
}

/** The newest run that has a log, else the newest one. */
async function lastRun(context: CommandContext, job: string) {
  const jobId = await resolveJobWithRuns(context, job);
  const { runs } = await context.call('list_runs', { job_id: jobId });
  const last = runs.find(({ status }) => status !== 'skipped' && status !== 'missed') ?? runs[0];
  if (last !== undefined) return { runId: last.run_id, status: last.status, reason: last.reason };
  throw new QuickscrapeError('run_not_found', `job ${jobId} has not run yet`, {
    hint: `Run it now with: ${context.command(`job run ${jobId}`)}`,
  });
}

async function runOfJob(context: CommandContext, job: string, run: string) {
  const found = await readRun(context, run);
  if (found.jobId.startsWith(job)) return found;
  const hint = `Show its log with: ${context.command(`job logs ${found.jobId} --run ${found.runId}`)}`;
  throw runOfOtherJob(found, job, hint);
}

/** How often new lines are asked for, in milliseconds. */
const POLL_MS = 300;
/** How long after its outcome a run may write its last lines, in milliseconds. */
const LAST_LINES_MS = 1_000;
const MAX_PAGE = 1_000;

/** Prints the last lines, then those that follow until the run has ended or Ctrl-C comes. */
async function followLog(context: CommandContext, runId: string, count: number): Promise<void> {
  const { signal } = context.interrupt;
  const isJson = context.globals.format === 'json';
  const print = ({ lines }: Pick<OperationOutput<'get_log'>, 'lines'>) => {
    for (const { text } of lines) context.out.write(`${isJson ? safeJson(text) : sanitizeText(text)}\n`);
  };
  const limit = Math.min(Math.max(count, 1), MAX_PAGE);
  let answer = await context.call('get_log', { run_id: runId, limit });
  print({ lines: count === 0 ? [] : answer.lines });
  let cursor = answer.newer_cursor;
  /** How many lines after the cursor are printed: an answer about a run that has ended has no later cursor. */
  let printed = 0;
  while (cursor !== undefined && !signal.aborted) {
    const wasActive = isActive(answer.status as StoredStatus);
    await delay(wasActive ? POLL_MS : LAST_LINES_MS, undefined, { signal }).catch(() => {});
    if (signal.aborted) return;
    try {
      answer = await context.call('get_log', { run_id: runId, limit: MAX_PAGE, cursor });
    } catch (error) {
      if (await context.isInterrupted()) return;
      if (!isOtherLog(error)) throw error;
      // Its middle was removed. As with a log of this machine, it goes on at its end.
      answer = await context.call('get_log', { run_id: runId, limit: 1 });
      cursor = answer.newer_cursor;
      printed = 0;
      continue;
    }
    const lines = answer.lines.slice(printed);
    print({ lines });
    // Without a later cursor the run has ended; it is asked again, as its callback may still write.
    if (answer.next_cursor === undefined && !wasActive && lines.length === 0) return;
    printed = answer.next_cursor === undefined ? printed + lines.length : 0;
    cursor = answer.next_cursor ?? cursor;
  }
}

function isOtherLog(error: unknown): boolean {
  return error instanceof QuickscrapeError && error.field === 'cursor';
}
