import { existsSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { onDetached } from '../../core/database/sql-errors.ts';
import type { CollectTask } from '../../core/execution/collect-task.ts';
import { recordVoidStart } from '../../core/execution/record-result.ts';
import { collectionMark, runMark } from '../../core/execution/run-process.ts';
import {
  STATUS_DESCRIPTOR,
  type WorkerStatus,
  type WorkerTask,
} from '../../core/execution/worker-process.ts';
import { type HomeChoice, resolveHome } from '../../core/fs/paths.ts';
import { hasChildren, peakMemory } from '../../core/process/process-table.ts';
import { killTree, NO_PROCESS_TREE, PROCESS_TREE_VARIABLE } from '../../core/process/process-tree.ts';
import { runFiles } from '../../core/runs/run-files.ts';
import { openWorkspace, type Workspace } from '../../core/workspace.ts';
import { collectRun } from './collect-run.ts';
import { executeRun } from './execute-run.ts';
import { finishRun } from './finish-run.ts';
import { ParentWatch } from './parent-watch.ts';
import { prepareCallbacks, restrictUmask, runCallbacks } from './run-callbacks.ts';
import { RunLog } from './run-log.ts';
import { warmUp } from './warm-up.ts';

/**
 * A worker that has fetched the pages of this many runs ends, so that a slow leak of a library never matters. Finishing
 * what another machine has collected does not count: it parses a page only when a check has failed, and the limit of
 * memory holds for it, too.
 */
const MAX_RUNS = 100;
/** A worker that has taken more memory than this ends, in bytes. */
const MAX_MEMORY = 250 * 1024 * 1024;
/** How long handles that a run used may take to close, in milliseconds. */
const SETTLE_MS = 250;
const SETTLE_POLL_MS = 5;

/** The log of the current run, for errors that nothing else catches. */
let currentLog: RunLog | undefined;
const parent = new ParentWatch();

/**
 * The worker: executes runs from claim to outcome, one at a time. It reads a {@link WorkerTask} per line from its
 * standard input. It reports `free` ({@link WorkerStatus}) after a task if it can take another one, and ends otherwise. It needs no other
 * process while it executes a run: the outcome is in the database, whatever happened to the process that started it.
 * When its input has ended, it ends after its run. With `--pooled`, it first loads what a run needs; without it, it
 * executes one task.
 *
 * With `--carried`, it collects rows for another machine's home instead: a line is a {@link CollectTask}, and what it
 * reports leaves the machine. It ends at once when its input ends, or an empty line is missing for too long, because no
 * process would send its rows.
 */
async function main(): Promise<void> {
  restrictUmask();
  ignoreOutputErrors();
  const { values } = parseArgs({
    options: {
      home: { type: 'string' },
      'jobs-dir': { type: 'string' },
      pooled: { type: 'boolean', default: false },
      carried: { type: 'boolean', default: false },
    },
  });
  const home = { home: values.home, jobsDir: values['jobs-dir'] };
  if (values.carried) endWithInput();
  // Before the warm-up, because a task may arrive meanwhile.
  const lines = readTasks();
  let idle: readonly string[] = [];
  // An error here would also occur in the run, which reports it better.
  if (values.pooled) {
    await warmUp().catch(() => {});
    // There is no such run: this only opens the home.
    if (!values.carried) await executeTask(home, { runId: '' }, () => {}).catch(() => {});
    idle = await listIdleHandles();
    report('ready');
  }
  let runs = 0;
  for await (const line of lines) {
    const task = JSON.parse(line) as WorkerTask | CollectTask;
    if (!('isCollected' in task)) runs += 1;
    const isReusable = values.carried
      ? await collectTask(task as CollectTask)
      : await executeTask(home, task as WorkerTask, () => {
          if (values.pooled) report('callback');
        });
    if (!values.pooled || !isReusable || runs >= MAX_RUNS || peakMemory() > MAX_MEMORY) return;
    if (!(await leavesNothing(idle)) || !report('free')) return;
  }
}

/**
 * Lets a run continue when a library prints after the scheduler has died: no process reads the output then. Also opens
 * the streams, so that they are among the idle handles.
 */
function ignoreOutputErrors(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
}

/** @returns whether this process may execute another run */
async function executeTask(
  home: HomeChoice,
  { runId, token, isCollected }: WorkerTask,
  onCallback: () => void,
): Promise<boolean> {
  const { database } = resolveHome(home);
  // Opening the database would recreate a home that was removed meanwhile.
  if (!existsSync(database)) {
    writeSync(2, `run ${runId}: ${database} is gone, perhaps with its home; nothing was done\n`);
    return false;
  }
  const workspace = openWorkspace({ ...home, actor: 'library', asItIs: true });
  try {
    const run = workspace.runs.get(runId);
    if (!run) return true;
    const log = openLog(workspace, run.jobId, runId, token);
    if (!log) return false;
    currentLog = log;
    process.env[PROCESS_TREE_VARIABLE] = runMark(workspace.paths, runId, token ?? '');
    try {
      if (token !== undefined) {
        await prepareCallbacks(run);
        const execute = isCollected ? finishRun : executeRun;
        return await execute(workspace, log, { runId, token }, onCallback);
      }
      await runCallbacks(workspace, log, runId);
      return false;
    } finally {
      process.env[PROCESS_TREE_VARIABLE] = NO_PROCESS_TREE;
      log.close();
      currentLog = undefined;
    }
  } finally {
    workspace.close();
  }
}

/** @returns whether this process may execute another run */
async function collectTask(task: CollectTask): Promise<boolean> {
  process.env[PROCESS_TREE_VARIABLE] = collectionMark(task.token);
  const endWatch = parent.start(task.maxSilenceMs, () => {
    currentLog?.line('error', 'the worker stands still, and the home gives this run up: it ends');
    killAndExit();
  });
  try {
    // Only a browser starts processes here, and no run follows one that used it.
    return await collectRun(
      task,
      (log) => {
        currentLog = log;
      },
      (line) => report(JSON.stringify(line)),
    );
  } finally {
    endWatch();
    process.env[PROCESS_TREE_VARIABLE] = NO_PROCESS_TREE;
    currentLog = undefined;
  }
}

/** Reads the tasks. An empty line only says that the other process goes on. */
function readTasks(): AsyncIterable<string> {
  const tasks = new PassThrough({ objectMode: true });
  createInterface({ input: process.stdin })
    .on('line', (line) => {
      parent.heard();
      if (line !== '') tasks.write(line);
    })
    .on('close', () => tasks.end());
  return tasks;
}

/** Ends this process and all that it has started as soon as its input ends. */
function endWithInput(): void {
  process.stdin.once('end', killAndExit);
}

function killAndExit(): never {
  const mark = process.env[PROCESS_TREE_VARIABLE] ?? NO_PROCESS_TREE;
  if (mark !== NO_PROCESS_TREE) killTree({ leaders: [], mark });
  process.exit(0);
}

/** Without its log a run does not start, because its errors would be lost. The failure is recorded in the run. */
function openLog(
  workspace: Workspace,
  jobId: string,
  runId: string,
  token: string | undefined,
): RunLog | undefined {
  try {
    return new RunLog(runFiles(workspace.paths, jobId, runId));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    if (token !== undefined) recordVoidStart(workspace, runId, token, why);
    return undefined;
  }
}

/** Lists what keeps this process alive, by kind: sockets, timers, child processes. */
function listHandles(): string[] {
  return process.getActiveResourcesInfo();
}

/** Lists the handles of this process while it does nothing. Those of the warm-up are closed a turn of the loop later. */
async function listIdleHandles(): Promise<string[]> {
  for (let before = listHandles(); ; ) {
    await delay(SETTLE_POLL_MS);
    // After a long turn the timer may be due before handles are closed, which the loop does between these two.
    await nextTurn();
    await nextTurn();
    const now = listHandles();
    if (now.length === before.length) return now;
    before = now;
  }
}

/**
 * Whether nothing of the run is left. Sockets take a moment to close.
 * @param idle the handles before the first run
 */
async function leavesNothing(idle: readonly string[]): Promise<boolean> {
  const end = performance.now() + SETTLE_MS;
  while (hasMore(listHandles(), idle) || hasChildren()) {
    if (performance.now() > end) return false;
    await delay(SETTLE_POLL_MS);
  }
  return true;
}

function hasMore(now: readonly string[], idle: readonly string[]): boolean {
  const left = [...idle];
  return now.some((kind) => {
    const at = left.indexOf(kind);
    left.splice(at, at === -1 ? 0 : 1);
    return at === -1;
  });
}

/** @returns whether the process that gives the runs still reads */
function report(line: string): boolean {
  try {
    // A signal may interrupt a long write.
    for (let rest = Buffer.from(`${line}\n`); rest.length > 0; )
      rest = rest.subarray(writeSync(STATUS_DESCRIPTOR, rest));
    return true;
  } catch {
    return false;
  }
}

// The next scheduler finds this process dead, and reconciles its run.
onDetached(({ message, hint }) => {
  currentLog?.line('error', `${message} ${hint}`);
  process.exit(1);
});

// Node would write the error to its output, unredacted and with all its causes.
process.on('uncaughtException', (error: unknown) => logAndExit(error));

main().then(
  // An open socket of a page or pipe of a browser must not keep the slot occupied.
  () => process.exit(0),
  logAndExit,
);

function logAndExit(error: unknown): never {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  if (currentLog) currentLog.line('error', text);
  else writeSync(2, `${text}\n`);
  process.exit(1);
}
