import { type Command, InvalidArgumentError, Option } from 'commander';
import type { RemoteHome } from '../../core/fs/homes-file.ts';
import { isHomeName } from '../../core/fs/paths.ts';
import { commandHints, createHintFormatter, type FormatHint, plainCommand } from '../../core/lib/hints.ts';
import { shellQuote } from '../../core/process/shell.ts';

export type Format = 'table' | 'json' | 'yaml';

/** The flags that every command takes, before or after its name. */
export interface GlobalFlags {
  /** The home folder; `undefined`: the default one. That of another machine is its name, which opens nothing here. */
  home: string | undefined;
  /** The home as the user named it: a folder, or `@name`. */
  homeArgument: string | undefined;
  /** The home on another machine that the user named, and its name. */
  remote?: RemoteHome;
  format: Format;
  color: boolean;
}

export function addGlobalOptions(program: Command): void {
  program
    .addOption(
      new Option(
        '--home <dir>',
        'home folder, or @name of homes.yaml (default: $QUICKSCRAPE_HOME, else ~/.quickscrape)',
      ).argParser(parseFolder),
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

/** @throws QuickscrapeError for a home named `@name` that `homes.yaml` does not have */
export async function readGlobalFlags(options: Record<string, unknown>): Promise<GlobalFlags> {
  const { home, json, format, color } = options;
  const homeArgument = typeof home === 'string' ? home : undefined;
  return {
    home: homeArgument,
    homeArgument,
    format: json === true ? 'json' : (format as Format),
    color: color !== false,
    ...(await resolveNamedHome(homeArgument)),
  };
}

/**
 * Replaces a name of `homes.yaml` with its place. A name in `QUICKSCRAPE_HOME` is replaced there too: the programs that
 * this one starts do not read the file.
 */
async function resolveNamedHome(
  argument: string | undefined,
): Promise<Pick<GlobalFlags, 'home' | 'remote'> | undefined> {
  const name = argument ?? process.env['QUICKSCRAPE_HOME'];
  if (!isHomeName(name)) return undefined;
  const { findNamedHome } = await import('../../core/fs/homes-file.ts');
  const { folder, ssh } = findNamedHome(name, process.env);
  if (ssh !== undefined) return { home: name, remote: { name, ssh } };
  if (argument !== undefined) return { home: folder };
  process.env['QUICKSCRAPE_HOME'] = folder;
  return { home: undefined };
}

/** Completes a command for a hint. A user who named the home has to name it there too. */
export function formatCommand(line: string, home: string | undefined): string {
  return `${plainCommand(line)}${home === undefined ? '' : ` --home ${shellQuote(home)}`}`;
}

/** The formatter of hints for a user who named the home, or did not. */
export function hintFormatter(home: string | undefined): FormatHint {
  return createHintFormatter(commandHints((line) => formatCommand(line, home)));
}

/** The formatter of hints for a user on another machine, where the program's own place is unknown. */
export function remoteHints(home: string): FormatHint {
  return createHintFormatter(commandHints((line) => `quickscrape ${line} --home ${shellQuote(home)}`));
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
