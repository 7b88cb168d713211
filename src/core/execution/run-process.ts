import { homeId } from '../fs/home-folder.ts';
import type { HomePaths } from '../fs/paths.ts';
import { programFile } from '../lib/program.ts';
import type { RunProcess, RunRecord } from '../model/run-record.ts';
import { MAX_SEMI_SPACE_FLAG } from '../process/detached-process.ts';
import type { ProcessIdentity } from '../process/identity.ts';
import type { ProcessTree } from '../process/process-tree.ts';

/** A start that no worker has claimed after this long is given up, in milliseconds. */
export const CLAIM_TIMEOUT_MS = 30_000;

/** Enough for the largest page that is fetched. Only a selector that matches everything many times over needs more. */
const MAX_MEMORY_MB = 1024;

/** How Node is started as a worker. */
export interface WorkerCommand {
  args: readonly string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
}

/** A worker of this home. */
export function homeWorker(paths: HomePaths): WorkerCommand {
  return {
    args: [...memoryFlags(), programFile('worker'), '--home', paths.home, '--jobs-dir', paths.jobs],
    // The caller's folder may be deleted while the worker lives.
    cwd: paths.home,
    env: process.env,
  };
}

/** The variables of this machine that the runs of another machine's home may depend on. */
const PASSED_VARIABLES =
  /^(?:PATH|HOME|LANG|LC_.*|TZ|TMPDIR|NODE_OPTIONS|LD_LIBRARY_PATH|SSL_CERT_(?:FILE|DIR))$/;

/**
 * A worker for runs of another machine's home: a {@link CollectTask} is all that it knows of it.
 * @param folder where it may write
 */
export function collectingWorker(folder: string): WorkerCommand {
  return {
    args: [...memoryFlags(), programFile('worker'), '--carried'],
    cwd: folder,
    // A configuration could name the other variables, and send them anywhere.
    env: Object.fromEntries(Object.entries(process.env).filter(([name]) => PASSED_VARIABLES.test(name))),
  };
}

/** Marks the processes of a start that is executed for another machine's home. */
export function collectionMark(token: string): string {
  return `${token}@elsewhere`;
}

/**
 * Without a limit, four runs could take all memory of the machine. Limits in the caller's NODE_OPTIONS take precedence.
 */
function memoryFlags(): string[] {
  const said = process.env['NODE_OPTIONS'] ?? '';
  return [
    ...(said.includes('max-semi-space-size') ? [] : [MAX_SEMI_SPACE_FLAG]),
    ...(said.includes('max-old-space-size') ? [] : [`--max-old-space-size=${MAX_MEMORY_MB}`]),
  ];
}

type Home = Pick<HomePaths, 'home'>;

/**
 * Marks the processes that one start of a run starts, and its worker if that was started for this run alone. A copy of
 * the home has the same run, but another mark.
 */
export function runMark(home: Home, runId: string, startToken: string): string {
  return `${runId}/${startToken}@${homeId(home.home) ?? ''}`;
}

/** Marks a command that was called at the end of a run, and its child processes. */
export function callbackMark(home: Home, runId: string): string {
  return `${runId}/callback@${homeId(home.home) ?? ''}`;
}

/**
 * Whether a run's process works for this home, and not for another home of which this one is a copy: only that home may
 * end it. A process that was claimed by a version that did not record its home counts as owned.
 */
export function isOwnedByHome(home: Home, process: RunProcess): boolean {
  return process.home === undefined || process.home === homeId(home.home);
}

/** Describes a run whose process belongs to another home. */
export function describeForeignProcess({ pid }: RunProcess): string {
  return `its process (pid ${pid}) belongs to another home, of which this one is a copy, or which was moved here from another disk: it was left alone`;
}

/** Returns the current attempt's processes that belong to this home, without those of a callback. */
export function runProcessTree(
  home: Home,
  run: Pick<RunRecord, 'runId' | 'startToken' | 'process'>,
): ProcessTree {
  const leaders = run.process && isOwnedByHome(home, run.process) ? [run.process] : [];
  return { leaders, mark: runMark(home, run.runId, run.startToken ?? '') };
}

/**
 * Returns the processes of a run's callbacks, without the process that executes the run.
 * @param leaders the processes of the commands, as far as they are known
 */
export function callbackProcessTree(
  home: Home,
  runId: string,
  leaders: readonly ProcessIdentity[] = [],
): ProcessTree {
  return { leaders, mark: callbackMark(home, runId) };
}
