import { statSync } from 'node:fs';
import { execa, parseCommandString } from 'execa';
import { MINUTE_MS } from '../lib/clock.ts';
import type { Command } from '../model/callbacks.ts';
import { childProcessIdentity, type ProcessIdentity } from '../process/identity.ts';
import { PROCESS_TREE_VARIABLE, terminateTree } from '../process/process-tree.ts';

/** Time limit of a callback, after which it is ended with all processes that it started. */
const CALLBACK_TIMEOUT_MS = 5 * MINUTE_MS;
const CALLBACK_GRACE_MS = 5_000;

export interface CallbackCall {
  command: Command;
  /** The finished run in the form that the interfaces return; passed to the command's standard input as JSON. */
  run: Record<string, unknown>;
  /** Working directory of the command. */
  cwd: string;
  /** Descriptor for the command's output: the run's log. */
  log: number;
  /** Marks the command and its child processes, so that they can be found and ended. */
  mark: string;
  /** Umask of the command; default: this process's. */
  umask?: number | undefined;
  /** Time limit. */
  limitMs?: number;
  /** How long the command may take to end by itself after the limit. */
  graceMs?: number;
}

/** Result of a command. */
export interface CallbackResult {
  /** Whether it started, and ended with exit code 0 within the time limit. */
  isDone: boolean;
  /** For the run's log, such as `mail: exit code 1`. */
  text: string;
  /** The same without the command, which not every reader may see. */
  reason: string;
  /** The command's process; `undefined` if it did not start. Its child processes may live on in its group. */
  leader: ProcessIdentity | undefined;
}

/**
 * Runs a job's command: split into words, never through a shell. Passes the run's fields as `QUICKSCRAPE_RUN_ID`,
 * `QUICKSCRAPE_STATUS` and so on, and as JSON on standard input.
 * @returns also for a command that fails, is missing or is not executable: it never throws
 */
export async function runCallback(call: CallbackCall): Promise<CallbackResult> {
  const [file, ...args] = typeof call.command === 'string' ? parseCommandString(call.command) : call.command;
  if (file === undefined) {
    const reason = 'the command is empty; nothing was run';
    return { isDone: false, text: reason, reason, leader: undefined };
  }
  const { reason, leader } = await executeCommand(file, args, call);
  return {
    isDone: reason === undefined,
    text: `${file.replaceAll('\0', '')}: ${reason ?? 'done'}`,
    reason: reason ?? 'done',
    leader,
  };
}

/** Runs the command; `reason` is `undefined` on success. */
async function executeCommand(
  file: string,
  args: readonly string[],
  call: CallbackCall,
): Promise<{ reason: string | undefined; leader: ProcessIdentity | undefined }> {
  if ([file, ...args].some((word) => word.includes('\0'))) {
    const reason = 'not run: a word of the command contains a zero byte, which cannot be passed to a program';
    return { reason, leader: undefined };
  }
  const child = start(file, args, call);
  const leader = child.pid === undefined ? undefined : childProcessIdentity(child.pid);
  return { reason: await waitForEnd(child, file, leader, call), leader };
}

/** Ends the command at its time limit; returns `undefined` on success, else the reason. */
async function waitForEnd(
  child: ReturnType<typeof start>,
  file: string,
  leader: ProcessIdentity | undefined,
  call: CallbackCall,
): Promise<string | undefined> {
  const limitMs = call.limitMs ?? CALLBACK_TIMEOUT_MS;
  const tree = { leaders: leader === undefined ? [] : [leader], mark: call.mark };
  let ending: Promise<void> | undefined;
  const limit = setTimeout(() => {
    ending = terminateTree(tree, call.graceMs ?? CALLBACK_GRACE_MS);
  }, limitMs);
  const result = await child;
  clearTimeout(limit);
  if (ending) {
    // Its child processes may take longer to end than the command, and no other process ends them.
    await ending;
    return `stopped after ${limitMs / 1000} s (time limit)`;
  }
  if (result.exitCode === 0) return undefined;
  if (result.exitCode !== undefined) return `exit code ${result.exitCode}`;
  if (result.signal) return `ended by ${result.signal}`;
  return describeStartError(result.code, file);
}

function start(file: string, args: readonly string[], call: CallbackCall) {
  const own = call.umask === undefined ? undefined : process.umask(call.umask);
  try {
    // The child exists when this call returns, so this process creates nothing else under the command's umask.
    return execa(file, args, {
      cwd: call.cwd,
      env: { ...toEnvironment(call.run), [PROCESS_TREE_VARIABLE]: call.mark },
      input: `${JSON.stringify(call.run)}\n`,
      stdio: ['pipe', inheritDescriptor(call.log), inheritDescriptor(call.log)],
      detached: true,
      cleanup: false,
      reject: false,
    });
  } finally {
    if (own !== undefined) process.umask(own);
  }
}

function describeStartError(code: string | undefined, file: string): string {
  const there = statSync(file, { throwIfNoEntry: false });
  if (there?.isDirectory()) return 'not run: that is a folder, not a program';
  if (code === 'ENOENT' && there) return 'not run: the program named in its first line (#!) does not exist';
  if (code === 'EACCES') return 'not run: no permission to execute it (chmod +x gives it)';
  if (code === 'ENOENT')
    return 'not run: no such file or command; give its full path, or check that it is installed';
  if (code === 'ENOEXEC')
    return 'not run: not a program. Does the script begin with a line such as #!/bin/sh ?';
  return `not run: ${code ?? 'it could not be started'}`;
}

/** Systems refuse to start a program with a longer variable (Linux: 128 KiB). */
const MAX_VARIABLE_BYTES = 64 * 1024;

/**
 * Converts `{ run_id: … , error: { kind } }` → `QUICKSCRAPE_RUN_ID`, `QUICKSCRAPE_ERROR_KIND` …; omits values that are
 * null or longer than 64 KiB.
 */
export function toEnvironment(run: Record<string, unknown>, prefix = 'QUICKSCRAPE'): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(run)) {
    const variable = `${prefix}_${name.toUpperCase()}`;
    if (value === null || value === undefined) continue;
    if (typeof value === 'object' && !Array.isArray(value)) {
      Object.assign(environment, toEnvironment(value as Record<string, unknown>, variable));
      continue;
    }
    const text = (Array.isArray(value) ? JSON.stringify(value) : String(value)).replaceAll('\0', '');
    if (Buffer.byteLength(text) <= MAX_VARIABLE_BYTES) environment[variable] = text;
  }
  return environment;
}

/** execa accepts any descriptor; its types list only some of them. */
function inheritDescriptor(descriptor: number): 1 {
  return descriptor as 1;
}
