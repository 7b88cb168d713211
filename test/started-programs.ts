import type { ChildProcess } from 'node:child_process';
import { expect } from 'vitest';

interface Started {
  args: readonly string[];
  /** The test that started it. Files of tests share a process, and a test starts programs also when it cleans up. */
  test: string;
  /** The end of what it has printed for people. */
  said: string;
}

const MAX_SAID = 2_000;

const started = new Map<ChildProcess, Started>();

/** Keeps a program in mind until {@link forgetProgram}. */
export function rememberProgram(child: ChildProcess, args: readonly string[]): void {
  const program = { args, test: presentTest(), said: '' };
  started.set(child, program);
  child.stderr?.on('data', (data: Buffer) => {
    program.said = (program.said + data.toString()).slice(-MAX_SAID);
  });
}

export function forgetProgram(child: ChildProcess): void {
  started.delete(child);
}

/** The programs of the present test that have failed: perhaps the reason why something does not happen. */
export function describeFailedPrograms(): string {
  return [...started]
    .filter(([, { test }]) => test === presentTest())
    .filter(([{ exitCode, signalCode }]) => signalCode !== null || (exitCode ?? 0) !== 0)
    .map(([{ exitCode, signalCode }, { args, said }]) => {
      const end = exitCode ?? signalCode;
      return `\nquickscrape ${args.join(' ')} ended with ${end}: ${said.trim()}`;
    })
    .join('');
}

function presentTest(): string {
  const { testPath, currentTestName } = expect.getState();
  return `${testPath} ${currentTestName}`;
}
