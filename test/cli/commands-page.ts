import type { Command, Option } from 'commander';
import { allCommands, argumentUsage, helpDetails } from '../../build/command-tree.ts';
import { buildProgram } from '../../src/cli/program.ts';

/** The reference part of docs/reference/commands.md, as the tree of commands says it. */
export function commandsReference(): string {
  return allCommands(buildProgram())
    .map(({ path, command }) =>
      command.commands.length > 0 ? groupSection(path, command) : section(path, command),
    )
    .join('\n');
}

function groupSection(path: string, command: Command): string {
  return `## ${path}\n\n${command.description()}\n`;
}

function section(path: string, command: Command): string {
  const usage = ['quickscrape', path, ...command.registeredArguments.map(argumentUsage)].join(' ');
  const level = path.includes(' ') ? '###' : '##';
  return `${[
    `${level} ${path}`,
    `\`${usage}\``,
    command.description(),
    ...(command.options.length > 0 ? [optionTable(command.options)] : []),
    ...after(command),
  ].join('\n\n')}\n`;
}

function optionTable(options: readonly Option[]): string {
  const rows = options.map(({ flags, description, argChoices }) => {
    const choices = argChoices === undefined ? '' : ` (${argChoices.join(', ')})`;
    return `| \`${flags}\` | ${`${description}${choices}`.replaceAll('|', '\\|')} |`;
  });
  return ['| flag | what |', '|---|---|', ...rows].join('\n');
}

/** What help says below the flags: the object of --json and the examples. */
function after(command: Command): string[] {
  const { json, examples } = helpDetails(command);
  return [
    ...(json === undefined ? [] : [`\`--json\` prints ${json}`]),
    ...(examples === undefined ? [] : [`\`\`\`text\n${examples}\n\`\`\``]),
  ];
}
