import { spawnSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import type { RemoteHome } from '../../core/fs/homes-file.ts';
import type { QuickscrapeError } from '../../core/lib/errors.ts';
import { withDefaultStopSignal } from '../../core/process/platform.ts';
import { sshArguments } from '../../core/remote/ssh-command.ts';
import { isConnectionLost, isUnreachable, sshEnded, sshMissing } from '../../core/remote/ssh-errors.ts';
import { LABEL_VARIABLE, OVER_SSH } from '../home/openable-home.ts';
import { OUTER_TMUX_VARIABLE } from './clipboard.ts';
import { ignoreTerminalSignals } from './external-program.ts';
import { LEAVE_FOR_IT } from './terminal/screen.ts';

/** What the terminal here can show, which ssh does not tell the other machine. */
const PASSED_ON = ['COLORTERM', 'COLORFGBG', 'NO_COLOR', 'QUICKSCRAPE_ASCII', 'INK_SCREEN_READER'];

/** The exit codes of a dashboard that a person has left. */
const LEFT: readonly (number | null)[] = [0, 130];
const SSH_FAILED = 255;
/** Exit codes of the program there: an option that it does not know, and no home. */
const [WRONG_USAGE, HOME_NOT_FOUND] = [2, 3];

/** The pauses before the connection is tried again, in seconds; the last one stays. */
const PAUSES = [1, 2, 4, 8, 15];

interface RemoteOptions {
  /** The job that is selected at the beginning. */
  job?: string | undefined;
  readOnly: boolean;
  /** False: `--no-color`. */
  color: boolean;
}

/**
 * Shows the dashboard of a home on another machine: it runs there, with this terminal. A connection that is lost is made
 * again, until that works, or until Ctrl-C. The caller must leave the screen first.
 * @returns the exit code of a dashboard that was left, or why there is none
 */
export async function showRemoteDashboard(
  home: RemoteHome,
  options: RemoteOptions,
): Promise<number | QuickscrapeError> {
  const restore = ignoreTerminalSignals();
  try {
    return await keepConnected(home, options);
  } finally {
    restore();
  }
}

async function keepConnected(
  home: RemoteHome,
  { job, readOnly, color }: RemoteOptions,
): Promise<number | QuickscrapeError> {
  const words = [
    'tui',
    ...(job === undefined ? [] : ['--job', job]),
    ...(readOnly ? ['--read-only'] : []),
    ...(color ? [] : ['--no-color']),
  ];
  const variables = { [LABEL_VARIABLE]: `${home.name}${OVER_SSH}`, ...passedOn(process.env) };
  let wasConnected = false;
  let failures = 0;
  for (;;) {
    const args = sshArguments(home.ssh, words, { hasTerminal: true, variables });
    const { status, stderr, error } = runOnTerminal('ssh', args);
    if (error !== undefined) return sshMissing(home, error);
    if (status !== null && LEFT.includes(status)) return status;
    const isLost = status === SSH_FAILED && isConnectionLost(stderr);
    if (isLost || isKilled(status)) process.stdout.write(LEAVE_FOR_IT);
    const why = isLost || status === SSH_FAILED ? stderr : `${stderr}\n${askForReason(home, status, words)}`;
    const failure = sshEnded(home, { code: status, stderr: why, wasConnected: isLost });
    failures = isLost ? 0 : failures + 1;
    wasConnected ||= isLost;
    if (!wasConnected || !(isLost || isUnreachable(stderr))) return failure;
    const seconds = PAUSES[Math.min(failures, PAUSES.length - 1)] ?? 1;
    process.stderr.write(
      `quickscrape: ${failure.message}\r\nTrying again in ${seconds} s; Ctrl-C gives up.\r\n`,
    );
    if (await isInterrupted(seconds)) return failure;
  }
}

/**
 * What the program there says when it has no terminal. With one, it has written the reason to the screen, where nothing
 * here can read it.
 */
function askForReason(home: RemoteHome, status: number | null, words: readonly string[]): string {
  const asked =
    status === HOME_NOT_FOUND ? ['scheduler', 'status'] : status === WRONG_USAGE ? words : undefined;
  if (asked === undefined) return '';
  const args = sshArguments(home.ssh, asked, { isBatch: true });
  return spawnSync('ssh', args, { stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' }).stderr;
}

/** Whether a signal has ended the program there, or ssh. Such a program leaves the terminal as it is. */
function isKilled(status: number | null): boolean {
  return status === null || (status > 128 && status !== SSH_FAILED);
}

function passedOn(env: NodeJS.ProcessEnv): Record<string, string> {
  const wanted: NodeJS.ProcessEnv = {
    ...env,
    [OUTER_TMUX_VARIABLE]: env['TMUX'] ? '1' : env[OUTER_TMUX_VARIABLE],
  };
  return Object.fromEntries(
    [...PASSED_ON, OUTER_TMUX_VARIABLE].flatMap((name) => {
      const value = wanted[name];
      return value === undefined || value === '' ? [] : [[name, value]];
    }),
  );
}

/** Runs a program on the terminal. What it says itself is returned; the program there writes to the terminal. */
function runOnTerminal(program: string, args: readonly string[]) {
  return withDefaultStopSignal(() =>
    spawnSync(program, args, { stdio: ['inherit', 'inherit', 'pipe'], encoding: 'utf8' }),
  );
}

/** Waits, unless Ctrl-C ends the wait. */
async function isInterrupted(seconds: number): Promise<boolean> {
  const controller = new AbortController();
  const onInterrupt = () => controller.abort();
  process.on('SIGINT', onInterrupt);
  try {
    await delay(seconds * 1000, undefined, { signal: controller.signal });
    return false;
  } catch {
    return true;
  } finally {
    process.off('SIGINT', onInterrupt);
  }
}
