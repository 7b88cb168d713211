import type { Argument, Command } from 'commander';

export interface PlacedCommand {
  /** `job create` */
  path: string;
  command: Command;
}

/** Every command of the tree that a person may type, groups too. */
export function allCommands(program: Command, path = ''): PlacedCommand[] {
  return program.commands
    .filter((command) => command.name() !== 'complete')
    .flatMap((command) => {
      const here = path === '' ? command.name() : `${path} ${command.name()}`;
      return [{ path: here, command }, ...allCommands(command, here)];
    });
}

/** `<bash|zsh|fish>`, `[file]` */
export function argumentUsage(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
  const choices = argument.argChoices?.join('|') ?? name;
  return argument.required ? `<${choices}>` : `[${choices}]`;
}

export interface HelpDetails {
  /** What --json prints. */
  json: string | undefined;
  /** Lines of commands, each with its description in the next line. */
  examples: string | undefined;
}

/** What help says below the flags. */
export function helpDetails(command: Command): HelpDetails {
  let help = '';
  command.configureOutput({
    writeOut: (text) => {
      help += text;
    },
  });
  command.outputHelp();
  return {
    json: /^--json prints: (.*)$/m.exec(help)?.[1],
    examples: help
      .split(/\n(?:Examples|First steps):\n/)[1]
      ?.trimEnd()
      .replaceAll(/^ {2}/gm, ''),
  };
}
