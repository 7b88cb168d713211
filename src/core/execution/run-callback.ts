import { statSync } from 'node:fs';
import { execa, parseCommandString } from 'execa';
import type { Command } from '../model/select-callbacks.ts';
import { childProcessIdentity } from '../process/identity.ts';
import { PROCESS_TREE_VARIABLE } from '../process/process-tree.ts';
import { terminateTree } from '../process/terminate-tree.ts';

/** A callback that takes longer is ended, with everything it started. */
const CALLBACK_TIMEOUT_MS = 5 * 60_000;
const CALLBACK_GRACE_MS = 5_000;

export interface CallbackCall {
  command: Command;
  /** The finished run as the interfaces show it; goes to the command's standard input as JSON. */
  run: Record<string, unknown>;
  /** Folder in which the command runs. */
  cwd: string;
  /** Descriptor for the command's output: the run's log. */
  log: number;
  /** Marks the command and what it starts, so that it can be found and ended. */
  mark: string;
  /** The umask it gets; default: this process's. */
  umask?: number | undefined;
  /** How long it may take. */
  limitMs?: number;
  /** How long it may take to end by itself after that. */
  graceMs?: number;
}

/** How a command went. */
export interface CallbackResult {
  /** Whether it was started and ended with exit code 0 within its time. */
  isDone: boolean;
  /** `mail: exit code 1`: what to write into the run's log. */
  text: string;
  /** The same without the command, which not everybody may see. */
  reason: string;
}

/**
 * Runs a job's command: split into words, never through a shell. The run's fields arrive as `QUICKSCRAPE_RUN_ID`,
 * `QUICKSCRAPE_STATUS` and so on, and as JSON on standard input.
 * @returns a command that fails, is missing or may not be executed never throws
 */
export async function runCallback(call: CallbackCall): Promise<CallbackResult> {
  const [file, ...args] = typeof call.command === 'string' ? parseCommandString(call.command) : call.command;
  if (file === undefined) {
    const reason = 'the command is empty; nothing was run';
    return { isDone: false, text: reason, reason };
  }
  const reason = await executeCommand(file, args, call);
  return {
    isDone: reason === undefined,
    text: `${file.replaceAll('\0', '')}: ${reason ?? 'done'}`,
    reason: reason ?? 'done',
  };
}

/** Runs it; `undefined` when it did what it should. */
async function executeCommand(
  file: string,
  args: readonly string[],
  call: CallbackCall,
): Promise<string | undefined> {
  if ([file, ...args].some((word) => word.includes('\0')))
    return 'not run: a word of the command holds a zero byte, which no program can be given';
  const child = start(file, args, call);
  const limitMs = call.limitMs ?? CALLBACK_TIMEOUT_MS;
  const leaders = child.pid === undefined ? [] : [childProcessIdentity(child.pid)];
  let ending: Promise<void> | undefined;
  const limit = setTimeout(() => {
    ending = terminateTree({ leaders, mark: call.mark }, call.graceMs ?? CALLBACK_GRACE_MS);
  }, limitMs);
  const result = await child;
  clearTimeout(limit);
  if (ending) {
    // What it started may take longer to end than itself, and nobody else will see to it.
    await ending;
    return `ended after ${limitMs / 1000} s`;
  }
  if (result.exitCode === 0) return undefined;
  if (result.exitCode !== undefined) return `exit code ${result.exitCode}`;
  if (result.signal) return `ended by ${result.signal}`;
  return describeStartError(result.code, file);
}

function start(file: string, args: readonly string[], call: CallbackCall) {
  const own = call.umask === undefined ? undefined : process.umask(call.umask);
  try {
    // The process is there when this returns; nothing else of ours is made under its umask.
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
  if (code === 'ENOENT' && there) return 'not run: the program named in its first line (#!) is not there';
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
 * `{ run_id: … , error: { kind } }` → `QUICKSCRAPE_RUN_ID`, `QUICKSCRAPE_ERROR_KIND` …; what is null or longer than
 * 64 KiB is left out.
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

/** execa takes any descriptor of ours; its types name only some of them. */
function inheritDescriptor(descriptor: number): 1 {
  return descriptor as 1;
}
