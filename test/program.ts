import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { forgetProgram, rememberProgram } from './started-programs.ts';

/** The built command. */
export const PROGRAM = fileURLToPath(new URL('../dist/cli.js', import.meta.url));

export interface CommandResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface CallOptions {
  /** The home folder; the caller's own is never touched. */
  home: string;
  env?: Record<string, string>;
  cwd?: string;
  input?: string;
  /** Another path of the built command. */
  program?: string;
}

/** Runs the built program to its end. */
export async function quickscrape(args: readonly string[], options: CallOptions): Promise<CommandResult> {
  const child = startProgram(args, options);
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (data: Buffer) => {
    stdout += data.toString();
  });
  child.stderr?.on('data', (data: Buffer) => {
    stderr += data.toString();
  });
  child.stdin?.end(options.input ?? '');
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

/** {@link quickscrape} for what must succeed: if it does not, the error is what it printed. */
export async function succeed(args: readonly string[], options: CallOptions): Promise<CommandResult> {
  const result = await quickscrape(args, options);
  if (result.code !== 0)
    throw new Error(`quickscrape ${args.join(' ')} ended with ${result.code}: ${result.stderr}`);
  return result;
}

/** Starts the built program and leaves it running; it is killed when the test ends. */
export function startProgram(args: readonly string[], options: CallOptions): ChildProcess {
  const child = spawn(process.execPath, [options.program ?? PROGRAM, ...args], {
    cwd: options.cwd,
    env: { ...process.env, QUICKSCRAPE_HOME: options.home, NO_COLOR: '1', ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  rememberProgram(child, args);
  onTestFinished(() => {
    child.kill('SIGKILL');
    forgetProgram(child);
  });
  return child;
}
