/** Quotes a path or name for a command that is pasted into a shell. */
export function shellQuote(text: string, platform: string = process.platform): string {
  // A path has no double quote there, and both shells of Windows take them; one of them takes no others.
  if (platform === 'win32') return /^[\w.\\/@+=:,~-]+$/.test(text) ? text : `"${text}"`;
  return /^[\w./@%+=:,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Returns how another program starts npx and its like: on Windows they are scripts, which only a shell can start. */
export function startScript(
  words: readonly string[],
  platform: string = process.platform,
): readonly string[] {
  return platform === 'win32' ? ['cmd', '/c', ...words] : words;
}

/** The programs for a text where the user has named none. */
export function defaultPrograms(platform: string = process.platform): { editor: string; pager: string } {
  return platform === 'win32' ? { editor: 'notepad', pager: 'more' } : { editor: 'vi', pager: 'less' };
}

/** How to start a command of the user's choice through the shell. */
export interface ShellCall {
  file: string;
  args: string[];
  /** Whether Node must pass the arguments as they are, because the shell has its own quotes (Windows). */
  windowsVerbatimArguments: boolean;
}

/**
 * Returns how the system's shell runs `command`, in shell syntax, with a file as its last argument, as git does with
 * `$EDITOR`. A name such as `code` may be a script (`code.cmd`), which only the shell finds.
 */
export function shellCall(
  command: string,
  file: string,
  platform: string = process.platform,
  env: Readonly<Record<string, string | undefined>> = process.env,
): ShellCall {
  if (platform === 'win32') {
    const shell = `${env['SystemRoot'] ?? 'C:\\Windows'}\\System32\\cmd.exe`;
    // With /s, cmd removes the first and the last quote, and nothing between them.
    return {
      file: shell,
      args: ['/d', '/s', '/c', `"${command} "${file}""`],
      windowsVerbatimArguments: true,
    };
  }
  // The shell must also wait when a keyboard signal arrives. Children do not inherit a trap with a command.
  const script = `trap : INT QUIT; ${command} "$@"`;
  return { file: '/bin/sh', args: ['-c', script, command, file], windowsVerbatimArguments: false };
}

/** Why the shell could not start the program, by its exit code; `undefined` for a program that ran. */
export function startProblem(status: number | null, platform: string = process.platform): string | undefined {
  if (status === null) return undefined;
  const problems: Readonly<Record<number, string>> =
    platform === 'win32' ? { 9009: 'was not found' } : { 126: 'cannot be executed', 127: 'was not found' };
  return problems[status];
}
