import { callbackMark } from '../../core/execution/run-process.ts';
import { describeUnusable } from '../../core/jobs/job-errors.ts';
import { late } from '../../core/lib/late-modules.ts';
import { type CallbackCommand, formatCallbackFailure, selectCallbacks } from '../../core/model/callbacks.ts';
import type { RunRecord } from '../../core/model/run-record.ts';
import { currentProcessIdentity, type ProcessIdentity } from '../../core/process/identity.ts';
import { runFiles } from '../../core/runs/run-files.ts';
import { type CallbackEnd, claimCallback, endCallback } from '../../core/runs/run-transitions.ts';
import { toRunDict } from '../../core/runs/serialize-run.ts';
import type { Workspace } from '../../core/workspace.ts';
import type { RunLog } from './run-log.ts';

let originalUmask: number | undefined;

/** Makes this process create files for their owner only, and remembers the original umask. */
export function restrictUmask(): void {
  originalUmask = process.umask(0o077);
}

/** Returns the umask with which this process was started: the user's, which the user's own commands get. */
function getUserUmask(): number | undefined {
  return originalUmask;
}

/** Most jobs have no command, so their runs do not load the module that starts one. */
const loadRunCallback = late(() => import('../../core/execution/run-callback.ts'));

/** Loads what the commands of a run need. The run may end after an upgrade of the program. */
export async function prepareCallbacks({ callbacks }: RunRecord): Promise<void> {
  // An error would also occur when a command is started, which reports it.
  if (callbacks) await loadRunCallback().catch(() => {});
}

/**
 * Runs a finished run's commands once: the first process to claim the callback runs them. Their output goes to the
 * run's log, and their success never changes the run's outcome. The commands are those of the job when the run was last
 * started; later changes of its file have no effect.
 * @returns the processes of the commands, whose child processes may live on
 */
export async function runCallbacks(
  workspace: Workspace,
  log: RunLog,
  runId: string,
): Promise<ProcessIdentity[]> {
  const leaders: ProcessIdentity[] = [];
  if (!claimCallback(workspace.db, runId, currentProcessIdentity())) return leaders;
  const run = workspace.runs.get(runId);
  if (!run) {
    log.line('error', `callback: not made: run ${runId} is no longer in the database`);
    return leaders;
  }
  const end = await runClaimedCallbacks(workspace, log, run, leaders);
  endCallback(workspace.db, runId, end, workspace.clock.now());
  return leaders;
}

/** @param leaders receives the processes of the commands */
async function runClaimedCallbacks(
  workspace: Workspace,
  log: RunLog,
  run: RunRecord,
  leaders: ProcessIdentity[],
): Promise<CallbackEnd> {
  const entry = workspace.jobs.get(run.jobId);
  const fields = run.callbacks ?? (entry?.kind === 'valid' ? entry.record.definition : undefined);
  if (!fields) {
    const why = entry && entry.kind !== 'valid' ? `cannot be used: ${describeUnusable(entry)}` : 'is gone';
    return logFailure(
      log,
      `callback: not made: the history does not record the run's commands, and the file of its job ${why}`,
    );
  }
  // A run that was finished by an older version has no count of its own; the job's count then includes this run.
  const count = entry?.kind === 'valid' ? entry.state.failures : 0;
  const before = run.failuresBefore ?? Math.max(0, count - 1);
  const commands = selectCallbacks(fields, run.status, before, run.changes);
  if (commands.length === 0) {
    log.line('warn', 'callback: the job no longer has a command for this outcome');
    return { how: 'done' };
  }
  return await runCommands(workspace, log, run, commands, leaders);
}

async function runCommands(
  workspace: Workspace,
  log: RunLog,
  run: RunRecord,
  commands: readonly CallbackCommand[],
  leaders: ProcessIdentity[],
): Promise<CallbackEnd> {
  const { clock, paths } = workspace;
  const { runCallback } = await loadRunCallback();
  const dict = {
    ...toRunDict(run, clock.now()),
    home: paths.home,
    log: runFiles(paths, run.jobId, run.runId).log,
  };
  let failure: string | undefined;
  for (const { field, command } of commands) {
    // The remaining commands may have been cancelled while the first one ran.
    if (workspace.runs.get(run.runId)?.callback !== 'running') break;
    const call = {
      command,
      run: dict,
      cwd: paths.home,
      log: log.descriptor,
      mark: callbackMark(paths, run.runId),
    };
    const { isDone, text, reason, leader } = await runCallback({ ...call, umask: getUserUmask() });
    if (leader) leaders.push(leader);
    if (isDone) log.line('info', `callback ${text}`);
    else {
      log.line('error', formatCallbackFailure(field, text));
      failure ??= formatCallbackFailure(field, reason);
    }
  }
  return { how: 'done', failure: failure ?? null };
}

function logFailure(log: RunLog, line: string): CallbackEnd {
  log.line('error', line);
  return { how: 'lost', failure: line };
}
