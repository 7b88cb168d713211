import { existsSync, readSync, rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { onDetached } from '../../core/database/detached-listener.ts';
import { START } from '../../core/execution/run-process-args.ts';
import { resolveHome } from '../../core/fs/paths.ts';
import { sleepSync } from '../../core/process/sleep-sync.ts';
import { runFiles } from '../../core/runs/run-files.ts';
import { openWorkspace } from '../../core/workspace.ts';
import { executeRun } from './execute-run.ts';
import { restrictUmask, runCallbacks } from './run-callbacks.ts';
import { logLine, startLogCapping } from './run-log.ts';
import { warmUp } from './warm-up.ts';

const RETRY_INTERVAL_MS = 10;

/**
 * Waits until this process is told on its standard input that its run may begin; false when whoever should say so has gone.
 * Nothing else of this process goes on meanwhile: a signal ends it, and its input is never looked at again.
 */
function waitForStart(): boolean {
  const line = Buffer.alloc(START.length);
  for (;;) {
    try {
      return readSync(0, line) === START.length && line.toString() === START;
    } catch (error) {
      // Windows calls the end of a pipe an error.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return false;
      sleepSync(RETRY_INTERVAL_MS);
    }
  }
}

/**
 * The run process: carries one run from claim to outcome (`--run ID --token T`), or makes the callback that a dead
 * run process left behind (`--run ID --callback`). With `--wait LOG` it has been started before its instant: it begins when
 * it is told to, and else ends and leaves nothing, its log LOG included (empty: it writes on in one that was there). Started
 * detached with its log as standard output, so it needs nobody: the outcome is in the database when it ends, whatever became of
 * the process that started it.
 */
async function main(): Promise<void> {
  restrictUmask();
  const { values } = parseArgs({
    options: {
      home: { type: 'string' },
      'jobs-dir': { type: 'string' },
      run: { type: 'string' },
      token: { type: 'string' },
      callback: { type: 'boolean', default: false },
      wait: { type: 'string' },
    },
  });
  if (values.wait !== undefined) {
    // What is wrong will be so for the run as well, which says it better.
    await warmUp().catch(() => {});
    if (!waitForStart()) return values.wait === '' ? undefined : rmSync(values.wait, { force: true });
  }
  const runId = values.run ?? '';
  const choice = { home: values.home, jobsDir: values['jobs-dir'] };
  const { database } = resolveHome(choice);
  // Opening it would bring back a home that was removed, or is being removed, while this process was starting.
  if (!existsSync(database))
    return logLine('warn', `run ${runId}: ${database} is gone, perhaps with its home; nothing was done`);
  // The next scheduler finds this process dead, and the run with it.
  onDetached(({ message, hint }) => {
    logLine('error', `${message} ${hint}`);
    process.exit(1);
  });
  const workspace = openWorkspace({ ...choice, actor: 'library', asItIs: true });
  const run = workspace.runs.get(runId);
  const stop = run && startLogCapping(runFiles(workspace.paths, run.jobId, runId).log);
  try {
    if (values.callback) await runCallbacks(workspace, runId);
    else await executeRun(workspace, runId, values.token ?? '');
  } finally {
    stop?.();
    workspace.close();
  }
}

// Node would write it to the log itself, with whatever its causes hold.
process.on('uncaughtException', (error: unknown) => logAndExit(error));

main().then(
  // A page's socket or a browser's pipe that is still open must not keep the slot.
  () => process.exit(0),
  logAndExit,
);

function logAndExit(error: unknown): never {
  logLine('error', error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exit(1);
}
