import { onTestFinished } from 'vitest';
import { needs } from '../platform.ts';
import { PROGRAM } from '../program.ts';
import { tempFolder } from '../temp-folder.ts';
import { PseudoTerminal, type TerminalOptions } from './pseudo-terminal.ts';

/** A program in a pseudo-terminal that ends with the test. Wait for texts, never for a time. */
export class TestTerminal extends PseudoTerminal {
  constructor(command: string, args: readonly string[], { env = {}, ...options }: TerminalOptions = {}) {
    needs('terminal');
    // The preferences of whoever runs the tests are his own.
    super(command, args, {
      ...options,
      env: { XDG_STATE_HOME: tempFolder(), XDG_CONFIG_HOME: tempFolder(), ...env },
    });
    onTestFinished(() => this.close());
  }
}

/** The dashboard of a home, in a terminal. */
export function openDashboardIn(
  home: string,
  { args = [], ...options }: TerminalOptions & { args?: readonly string[] } = {},
): TestTerminal {
  return new TestTerminal(process.execPath, [PROGRAM, 'tui', '--home', home, ...args], options);
}
