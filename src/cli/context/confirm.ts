import { createInterface } from 'node:readline/promises';
import type { CommandContext } from './context.ts';

/** Whether somebody can be asked: a terminal at both ends, and no program that reads the result. */
export function canPrompt(context: CommandContext): boolean {
  return process.stdin.isTTY === true && context.err.isTerminal && context.globals.format === 'table';
}

/** Asks a question on stderr; anything but yes is no. */
export async function confirm(context: CommandContext, question: string): Promise<boolean> {
  const { signal } = context.interrupt;
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    // readline takes Ctrl-C for itself; it is handed on as the interruption that it is.
    prompt.once('SIGINT', () => process.kill(process.pid, 'SIGINT'));
    const answer = await prompt.question(`${question} [y/N] `, { signal });
    return /^y(es)?$/i.test(answer.trim());
  } catch (error) {
    if (signal.aborted) return false;
    // Ctrl-D: nobody answers any more.
    if (error instanceof Error && error.name === 'AbortError') {
      context.printMessage('');
      return false;
    }
    throw error;
  } finally {
    prompt.close();
  }
}
