import type { RemoteHome, SshHome } from '../fs/homes-file.ts';
import { shellQuote } from '../process/shell.ts';

/** How often ssh asks whether the other side is still there, in seconds; three silences end the connection. */
const ALIVE_SECONDS = 15;
/** How long a machine may take to answer ssh, in seconds. Questions to a person do not count. */
const CONNECT_SECONDS = 20;

interface SshOptions {
  /** Nothing may be asked, such as a password: there is a screen that a question would break, or no person. */
  isBatch?: boolean;
  /** How long to wait for the connection, in seconds. */
  connectSeconds?: number;
  /** The command there gets a terminal. */
  hasTerminal?: boolean;
  /** Variables of the command there. */
  variables?: Readonly<Record<string, string>>;
}

/** The arguments of ssh that run quickscrape on the machine of a home. Everything else is in the user's configuration. */
export function sshArguments(
  { host, port, ...there }: SshHome,
  words: readonly string[],
  { isBatch, connectSeconds = CONNECT_SECONDS, hasTerminal, variables = {} }: SshOptions = {},
): string[] {
  return [
    hasTerminal ? '-t' : '-T',
    ...(isBatch ? ['-o', 'BatchMode=yes'] : []),
    '-o',
    `ConnectTimeout=${connectSeconds}`,
    '-o',
    `ServerAliveInterval=${ALIVE_SECONDS}`,
    ...(port === undefined ? [] : ['-p', String(port)]),
    '--',
    host,
    [...assignments(variables), commandThere(there, words)].join(' '),
  ];
}

/** With a program, because not every shell has a syntax for variables of one command. */
function assignments(variables: Readonly<Record<string, string>>): string[] {
  const all = Object.entries(variables).map(([name, value]) => `${name}=${shellQuote(value, 'linux')}`);
  return all.length === 0 ? [] : ['env', ...all];
}

/** What a person types to run a command on the machine of a home; one that asks questions needs a terminal. */
export function sshCommandLine(
  { host, port, ...there }: SshHome,
  words: readonly string[],
  { hasTerminal }: Pick<SshOptions, 'hasTerminal'> = {},
): string {
  const command = commandThere(there, words);
  const isPlain = /^[\w~/.@%+=:,\- ]+$/.test(command);
  const options = port === undefined ? [] : ['-p', String(port)];
  return [
    'ssh',
    ...(hasTerminal ? ['-t'] : []),
    ...options,
    host,
    isPlain ? command : shellQuote(command),
  ].join(' ');
}

/** The command line for the shell there, which expands a `~` of the program. */
function commandThere(
  { folder, program = 'quickscrape' }: Omit<SshHome, 'host' | 'port'>,
  words: readonly string[],
) {
  const home = folder === undefined ? [] : ['--home', folder];
  return [program, ...[...words, ...home].map((word) => shellQuote(word, 'linux'))].join(' ');
}

/** Names a home on another machine in messages: `@acme (paris.example)`. */
export function describeRemote({ name, ssh }: RemoteHome): string {
  return `${name} (${ssh.host})`;
}
