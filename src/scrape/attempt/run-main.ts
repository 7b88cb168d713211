import { existsSync, readSync, rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { onDetached } from '../../core/database/sql-errors.ts';
import { START } from '../../core/execution/run-process.ts';
import { resolveHome } from '../../core/fs/paths.ts';
import { sleepSync } from '../../core/lib/clock.ts';
import { runFiles } from '../../core/runs/run-files.ts';
import { openWorkspace } from '../../core/workspace.ts';
import { executeRun } from './execute-run.ts';
import { restrictUmask, runCallbacks } from './run-callbacks.ts';
import { logLine, startLogCapping } from './run-log.ts';
import { warmUp } from './warm-up.ts';

const RETRY_INTERVAL_MS = 10;

/**
 * Waits for the start signal on standard input; returns false when the process that should send it has ended. Blocks
 * this whole process: a signal ends it, and its input is never read again.
 */
function waitForStart(): boolean {
  const line = Buffer.alloc(START.length);
  for (;;) {
    try {
      return readSync(0, line) === START.length && line.toString() === START;
    } catch (error) {
      // Windows reports the end of a pipe as an error.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return false;
      sleepSync(RETRY_INTERVAL_MS);
    }
  }
}

/**
 * The run process: executes one run from claim to outcome (`--run ID --token T`), or makes the callback that a dead run
 * process left behind (`--run ID --callback`).
 * With `--wait LOG` it is a standby process: it waits for the start signal. Without the signal it ends and leaves
 * nothing, not even its log LOG (empty: it continues an existing log).
 * It is started detached, with its log as standard output. It needs no other process: when it ends, the outcome is in
 * the database, whatever happened to the process that started it.
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
    // An error here would also occur in the run, which reports it better.
    await warmUp().catch(() => {});
    if (!waitForStart()) return values.wait === '' ? undefined : rmSync(values.wait, { force: true });
  }
  const runId = values.run ?? '';
  const choice = { home: values.home, jobsDir: values['jobs-dir'] };
  const { database } = resolveHome(choice);
  // Opening the database would recreate a home that was removed while this process was starting.
  if (!existsSync(database))
    return logLine('warn', `run ${runId}: ${database} is gone, perhaps with its home; nothing was done`);
  // The next scheduler finds this process dead, and reconciles its run.
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

// Node would write the error to the log itself, unredacted and with all its causes.
process.on('uncaughtException', (error: unknown) => logAndExit(error));

main().then(
  // An open socket of a page or pipe of a browser must not keep the slot occupied.
  () => process.exit(0),
  logAndExit,
);

function logAndExit(error: unknown): never {
  logLine('error', error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exit(1);
}
