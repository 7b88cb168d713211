import { ownIdentity } from '../../core/process/identity.ts';
import { commandsFor } from '../../core/run/callback-choice.ts';
import { toRunDict } from '../../core/run/run-dict.ts';
import { runFiles } from '../../core/run/run-files.ts';
import { claimCallback, endCallback } from '../../core/run/run-transitions.ts';
import { callbackMark } from '../../core/run/run-tree.ts';
import type { Workspace } from '../../core/workspace.ts';
import { logLine } from './run-log.ts';
import { usersUmask } from './users-umask.ts';

/**
 * Runs the commands that a finished run asks for, once: whoever claims the callback first makes it. What they print
 * goes to the run's log; whether they succeed never changes the run's outcome.
 */
export async function carryCallback(workspace: Workspace, runId: string): Promise<void> {
  if (!claimCallback(workspace.db, runId, ownIdentity())) return;
  const run = workspace.runs.get(runId);
  const entry = run && workspace.jobs.get(run.jobId);
  if (run && entry?.kind === 'valid') {
    // Most jobs have no command: their runs start without what starts one.
    const { runCallback } = await import('../../core/run/callback.ts');
    // A run that an older version has finished does not tell; then the job's count includes it.
    const before = run.failuresBefore ?? Math.max(0, entry.state.failures - 1);
    const dict = {
      ...toRunDict(run, workspace.clock.now()),
      home: workspace.paths.home,
      log: runFiles(workspace.paths, run.jobId, run.runId).log,
    };
    for (const command of commandsFor(entry.record.definition, run.status, before, run.changes)) {
      // Somebody may have called off the rest while the first one ran.
      if (workspace.runs.get(runId)?.callback !== 'running') break;
      const call = { command, run: dict, cwd: workspace.paths.home, log: 1, mark: callbackMark(runId) };
      logLine('info', await runCallback({ ...call, umask: usersUmask() }));
    }
  }
  endCallback(workspace.db, runId, 'done');
}
