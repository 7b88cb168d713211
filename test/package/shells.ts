import { onTestFinished } from 'vitest';
import { PseudoTerminal } from '../tui/pseudo-terminal.ts';

const PROMPT = 'ready> ';

export interface ShellSetup {
  /** What the shell runs first, in its own language. */
  setup: string;
  home: string;
  /** Folders of programs, before those of the PATH. */
  path: string;
  env?: Record<string, string>;
}

/** Starts of shells without the files of the user who runs the tests. */
const SHELLS = {
  bash: { args: ['--norc', '--noprofile', '-i'], prompt: `PS1='${PROMPT}'` },
  zsh: { args: ['-f', '-i'], prompt: `PS1='${PROMPT}'; unsetopt prompt_sp` },
  fish: { args: ['--no-config', '--interactive'], prompt: `function fish_prompt; echo -n '${PROMPT}'; end` },
} as const;

export type TestedShell = keyof typeof SHELLS;

/** Starts an interactive shell in a terminal, in which a test types. */
export async function startShell(
  shell: TestedShell,
  { setup, home, path, env }: ShellSetup,
): Promise<PseudoTerminal> {
  const { args, prompt } = SHELLS[shell];
  const terminal = new PseudoTerminal(shell, args, {
    columns: 200,
    env: { ...env, HOME: home, QUICKSCRAPE_HOME: home, PATH: `${path}:${process.env['PATH']}` },
  });
  onTestFinished(() => terminal.close());
  terminal.send(`${setup}\r`);
  terminal.send(`${prompt}\r`);
  await terminal.waitFor(new RegExp(`^${PROMPT}`, 'm'));
  return terminal;
}
