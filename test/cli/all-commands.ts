import type { Command } from 'commander';

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
