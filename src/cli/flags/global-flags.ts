import { type Command, InvalidArgumentError, Option } from 'commander';
import { commandHints, createHintFormatter, type FormatHint, plainCommand } from '../../core/lib/hints.ts';
import { shellQuote } from '../../core/process/shell.ts';

export type Format = 'table' | 'json' | 'yaml';

/** The flags that every command takes, before or after its name. */
export interface GlobalFlags {
  home: string | undefined;
  format: Format;
  color: boolean;
}

export function addGlobalOptions(program: Command): void {
  program
    .addOption(
      new Option('--home <dir>', 'home folder (default: $QUICKSCRAPE_HOME, else ~/.quickscrape)').argParser(
        parseFolder,
      ),
    )
    .addOption(new Option('--json', 'print the result as JSON, the same as --format json'))
    .addOption(
      new Option('--format <format>', 'how to print the result')
        .choices(['table', 'json', 'yaml'])
        .default('table'),
    )
    .addOption(new Option('--no-color', 'no colours (also: NO_COLOR=1)'));
}

function parseFolder(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('It must name a folder.');
  return text;
}

export function readGlobalFlags(options: Record<string, unknown>): GlobalFlags {
  const { home, json, format, color } = options;
  return {
    home: typeof home === 'string' ? home : undefined,
    format: json === true ? 'json' : (format as Format),
    color: color !== false,
  };
}

/** Completes a command for a hint. A user who named the home has to name it there too. */
export function formatCommand(line: string, home: string | undefined): string {
  return `${plainCommand(line)}${home === undefined ? '' : ` --home ${shellQuote(home)}`}`;
}

/** The formatter of hints for a user who named the home, or did not. */
export function hintFormatter(home: string | undefined): FormatHint {
  return createHintFormatter(commandHints((line) => formatCommand(line, home)));
}

/** The home that a command line names; needed for errors that occur before it is parsed. */
export function homeFromArgs(args: readonly string[]): string | undefined {
  // Of several, the last one counts.
  const at = args.findLastIndex((arg) => arg === '--home' || arg.startsWith('--home='));
  if (at === -1) return undefined;
  return args[at] === '--home' ? args[at + 1] : args[at]?.slice('--home='.length);
}

/** Whether a command line requests JSON; needed for errors that occur before it is parsed. */
export function hasJsonFlag(args: readonly string[]): boolean {
  return args.some(
    (arg, index) =>
      arg === '--json' || arg === '--format=json' || (arg === '--format' && args[index + 1] === 'json'),
  );
}

/** A command line without its flags, and without the values of the global flags. */
export function positionalArgs(args: readonly string[]): string[] {
  return args.filter(
    (arg, index) => !arg.startsWith('-') && !['--home', '--format'].includes(args[index - 1] ?? ''),
  );
}

/** Rewrites `help job run` as `job run --help`, because commander's `help` supports only the first level. */
export function rewriteHelpCommand(args: readonly string[]): string[] {
  const [word, ...named] = positionalArgs(args);
  if (word !== 'help' || named.length < 2) return [...args];
  const at = args.findIndex(
    (arg, index) => arg === word && positionalArgs(args.slice(0, index + 1)).length > 0,
  );
  return [...args.slice(0, at), ...args.slice(at + 1), '--help'];
}
