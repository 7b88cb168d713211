import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { HomePaths } from '../fs/paths.ts';
import { describeExit } from '../process/detached-process.ts';
import { childProcessIdentity, type ProcessIdentity } from '../process/identity.ts';
import { NO_PROCESS_TREE, PROCESS_TREE_VARIABLE } from '../process/process-tree.ts';
import type { CollectTask } from './collect-task.ts';
import { homeWorker, runMark, type WorkerCommand } from './run-process.ts';

/**
 * A task: execute a run, finish one whose rows another machine has collected, or make a run's due callback. It is one
 * line on the worker's standard input.
 */
export interface WorkerTask {
  runId: string;
  /** Claims the start; without it, the worker makes the run's callback. */
  token?: string;
  /** The rows of the start have been collected: only check, export and record them. */
  isCollected?: boolean;
}

/**
 * A line on the {@link STATUS_DESCRIPTOR} of a pool's worker: it has loaded what a run needs; its run has finished and
 * has commands to execute; its task has ended and it can take another one.
 */
export type WorkerStatus = 'ready' | 'callback' | 'free';

/** Apart from standard output, to which any library might print. */
export const STATUS_DESCRIPTOR = 3;

/** A started worker: a process that executes runs, one at a time. */
export interface WorkerProcess {
  /** Settles when it has ended, or could not be started, with a description. */
  readonly ended: Promise<string>;
  /** Whether this process has observed that it has ended, or could not be started. */
  hasEnded(): boolean;
  /** Identifies the process; `undefined` when it could not be started. */
  identity(): ProcessIdentity | undefined;
  /** Gives it a task. Call it only while it has none. */
  give(task: WorkerTask | CollectTask): void;
  /** Tells it that this process goes on. */
  beat(): void;
  /** Gives it no more tasks: it ends after the current one. */
  close(): void;
  /** Kills it immediately. */
  kill(): void;
}

/** Receives what a worker of a pool reports. */
export interface WorkerEvents {
  onReady(): void;
  onCallback(): void;
  onFree(): void;
  /** A line that is no {@link WorkerStatus}. */
  onReport(line: string): void;
  /** Output that it does not write to the run's log itself, such as Node's message when memory runs out. */
  onOutput(text: string): void;
}

/**
 * Starts a worker for one task. It is detached and in its own process group, so that it outlives this process. Its
 * standard error goes to `log`, an open descriptor that the caller closes.
 * @returns a promise of how it ended, or why it could not be started; it never rejects
 */
export function startSingleWorker(paths: HomePaths, log: number, task: WorkerTask): Promise<string> {
  const mark = task.token === undefined ? NO_PROCESS_TREE : runMark(paths, task.runId, task.token);
  const { worker } = spawnWorker(homeWorker(paths), [], mark, ['pipe', 'ignore', log]);
  worker.give(task);
  worker.close();
  return worker.ended;
}

/** Starts a worker for any number of tasks. It ends by itself after this process has ended. */
export function startWorker(command: WorkerCommand, events: WorkerEvents): WorkerProcess {
  // It belongs to no tree, even if this process does. Its children get the mark of the run that it executes.
  const { child, worker } = spawnWorker(command, ['--pooled'], NO_PROCESS_TREE, [
    'pipe',
    'pipe',
    'pipe',
    'pipe',
  ]);
  const [, stdout, stderr, status] = (child?.stdio ?? []) as Socket[];
  for (const stream of [stdout, stderr, status]) {
    stream?.on('error', () => {});
    // A worker that waits must not keep this process alive.
    stream?.unref();
  }
  for (const stream of [stdout, stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => events.onOutput(text));
  const onStatus: Record<WorkerStatus, () => void> = {
    ready: events.onReady,
    callback: events.onCallback,
    free: events.onFree,
  };
  const onLine = (line: string) => (onStatus[line as WorkerStatus] ?? (() => events.onReport(line)))();
  if (status) createInterface({ input: status }).on('line', onLine);
  return worker;
}

function spawnWorker(
  command: WorkerCommand,
  args: readonly string[],
  mark: string,
  stdio: StdioOptions,
): { child: ChildProcess | undefined; worker: WorkerProcess } {
  let child: ChildProcess | undefined;
  let hasEnded = false;
  const ended = describeExit(() => {
    child = spawn(process.execPath, [...command.args, ...args], {
      cwd: command.cwd,
      env: { ...command.env, [PROCESS_TREE_VARIABLE]: mark },
      detached: true,
      stdio,
      windowsHide: true,
    });
    child.unref();
    // If the worker exits before it reads, its exit is reported instead.
    child.stdin?.on('error', () => {});
    (child.stdin as Socket | null)?.unref();
    return child;
  }).then((outcome) => {
    hasEnded = true;
    return outcome;
  });
  const worker: WorkerProcess = {
    ended,
    identity: () => (child?.pid === undefined ? undefined : childProcessIdentity(child.pid)),
    hasEnded: () =>
      hasEnded || child?.pid === undefined || child.exitCode !== null || child.signalCode !== null,
    give: (task) => child?.stdin?.write(`${JSON.stringify(task)}\n`),
    // One that does not read gets no more.
    beat: () => void (child?.stdin?.writableLength === 0 && child.stdin.writable && child.stdin.write('\n')),
    close: () => child?.stdin?.end(),
    kill: () => child?.kill('SIGKILL'),
  };
  return { child, worker };
}
