import { Command } from 'commander';
import { readGlobalFlags } from '../flags/global-flags.ts';
import { CommandContext } from './context.ts';
import type { Interrupt } from './interrupt.ts';

/** Command lines for the help, each with a description. */
export type Examples = readonly (readonly [line: string, what: string])[];

export interface CommandHelp {
  description: string;
  examples?: Examples;
  /** The object that --json prints: an operation's name, or its keys for a command without one. */
  json?: string;
  /** It works for a home on another machine too: it needs no file of a home, but only operations, or no home. */
  overSsh?: true;
}

const OVER_SSH = new WeakSet<Command>();

/** A command that groups others: `quickscrape job …`. */
export function groupCommand(name: string, description: string, commands: readonly Command[]): Command {
  const group = new Command(name).description(description);
  for (const command of commands) group.addCommand(command);
  return group;
}

/** A command; `usage` is its name and arguments: `show <job>`. */
export function leafCommand(usage: string, help: CommandHelp): Command {
  const [name = '', ...args] = usage.split(' ');
  const command = new Command(name).description(help.description).summary(firstSentence(help.description));
  for (const arg of args) command.argument(arg);
  const { examples, json, overSsh } = help;
  if (overSsh) OVER_SSH.add(command);
  if (json !== undefined) command.addHelpText('after', `\n--json prints: ${json}`);
  if (examples !== undefined) {
    const lines = examples.map(([line, what]) => `  $ quickscrape ${line}\n      ${what}`);
    command.addHelpText('after', `\nExamples:\n${lines.join('\n')}`);
  }
  return command;
}

function firstSentence(text: string): string {
  return /^.*?[.:;](?= |$)/.exec(text)?.[0].slice(0, -1) ?? text;
}

let interrupt: Interrupt | undefined;

/** Sets the source of interruptions for the commands of this process. */
export function setInterrupt(source: Interrupt): void {
  interrupt = source;
}

/**
 * Sets a command's work. It receives the context, the arguments in order and the options, and returns the exit code
 * (nothing: 0). After an interruption the code is that of the interruption, unless the work returns one.
 */
export function onCommand<A extends (string | undefined)[], O extends object>(
  command: Command,
  work: (context: CommandContext, args: A, options: O) => Promise<number | undefined> | Promise<void>,
): Command {
  return command.action(async () => {
    if (interrupt === undefined) throw new TypeError('followInterrupt was not called');
    const context = new CommandContext(await readGlobalFlags(command.optsWithGlobals()), interrupt);
    try {
      if (context.globals.remote !== undefined && !OVER_SSH.has(command)) {
        const { needsFiles } = await import('./remote-home.ts');
        throw needsFiles(context.globals.remote, command);
      }
      const code = await work(context, command.processedArgs as A, command.opts() as O);
      process.exitCode = code ?? interrupt.code ?? 0;
    } finally {
      context.close();
    }
  });
}
