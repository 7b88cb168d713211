import { execa } from 'execa';
import type { ErrorData } from '../../../src/core/lib/errors.ts';
import { describeEnding, ProgramError } from './failures.ts';
import { commandLine, type Invocation } from './invocation.ts';

/**
 * Runs a command with --json to its end and returns what it printed. Commands are what the person's own: they may reach
 * hosts that a client of `quickscrape rpc` may not.
 * @throws ProgramError
 */
export async function runProgram(
  invocation: Invocation,
  args: readonly string[],
  signal?: AbortSignal,
): Promise<unknown> {
  const [program, words] = commandLine(invocation, [...args, '--json']);
  const result = await execa(program, words, {
    reject: false,
    stdin: 'ignore',
    ...(signal && { cancelSignal: signal, gracefulCancel: false }),
  });
  const { exitCode: code, signal: killedBy, stdout, stderr } = result;
  if (result.isCanceled) throw new ProgramError('cancelled');
  const invoked = invocation.command.join(' ');
  if (code === undefined && killedBy === undefined) {
    const reason = result.code ?? result.shortMessage ?? '';
    throw new ProgramError(describeEnding({ kind: 'missing', program: invoked, reason }));
  }
  const answer = parseJson(stdout);
  if (answer !== undefined) return answer;
  const failure = parseJson(stderr) as { error?: Partial<ErrorData> & { message: string } } | undefined;
  if (failure?.error) throw new ProgramError(failure.error.message, failure.error);
  throw new ProgramError(
    describeEnding({ kind: 'exited', program: invoked, code, signal: killedBy, stderr }),
  );
}

/** Runs a command that prints JSON line by line. Aborting ends it. @throws ProgramError when it fails */
export async function followProgram(
  invocation: Invocation,
  args: readonly string[],
  onLine: (value: unknown) => void,
  signal: AbortSignal,
): Promise<void> {
  const [program, words] = commandLine(invocation, [...args, '--json']);
  const child = execa(program, words, {
    reject: false,
    stdin: 'ignore',
    buffer: { stdout: false },
    cancelSignal: signal,
  });
  try {
    for await (const line of child.iterable()) {
      const value = parseJson(line);
      if (value !== undefined) onLine(value);
    }
  } catch {
    // The end says more.
  }
  const { exitCode: code, signal: killedBy, stderr, isCanceled } = await child;
  if (isCanceled || code === 0) return;
  const failure = parseJson(stderr) as { error?: Partial<ErrorData> & { message: string } } | undefined;
  if (failure?.error) throw new ProgramError(failure.error.message, failure.error);
  throw new ProgramError(
    describeEnding({ kind: 'exited', program: invocation.command.join(' '), code, signal: killedBy, stderr }),
  );
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
