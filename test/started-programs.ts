import type { ChildProcess } from 'node:child_process';

interface Started {
  args: readonly string[];
  /** The end of what it has printed for people. */
  said: string;
}

const MAX_SAID = 2_000;

const started = new Map<ChildProcess, Started>();

/** Keeps a program in mind until {@link forgetProgram}. */
export function rememberProgram(child: ChildProcess, args: readonly string[]): void {
  const program = { args, said: '' };
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
    .filter(([{ exitCode, signalCode }]) => signalCode !== null || (exitCode ?? 0) !== 0)
    .map(([{ exitCode, signalCode }, { args, said }]) => {
      const end = exitCode ?? signalCode;
      return `\nquickscrape ${args.join(' ')} ended with ${end}: ${said.trim()}`;
    })
    .join('');
}
