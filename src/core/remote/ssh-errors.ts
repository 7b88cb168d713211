import type { RemoteHome } from '../fs/homes-file.ts';
import { ERROR_CODES, type ErrorCode, type Issue, QuickscrapeError } from '../lib/errors.ts';
import { asRecord } from '../lib/json.ts';
import { PACKAGE_NAME } from '../lib/program.ts';
import { describeRemote, sshCommandLine } from './ssh-command.ts';

/** How ssh ended. */
export interface SshEnd {
  /** `null`: a signal ended it. */
  code: number | null;
  stderr: string;
  /** Whether the program there had answered before. */
  wasConnected: boolean;
}

/** The exit codes of ssh itself, and of a shell that does not find or cannot start the program. */
const [SSH_FAILED, NOT_FOUND, NOT_EXECUTABLE] = [255, 127, 126];
/** The exit code of the program there without its home. */
const HOME_NOT_FOUND = 3;

const UNREACHABLE =
  /Connection refused|timed out|No route to host|Network is unreachable|Host is down|Temporary failure in name resolution|kex_exchange_identification|Connection (?:closed|reset) by/;

/** What ssh says on stderr, what it means, and what to do. */
const SSH_FAILURES: readonly [
  said: RegExp,
  message: (host: string) => string,
  hint: (line: string) => string,
][] = [
  [
    /REMOTE HOST IDENTIFICATION HAS CHANGED/,
    (host) => `${host} has another host key than before`,
    (line) => `If you know why, remove the old one as ssh says: ${line}`,
  ],
  [
    /Host key verification failed|No .* host key is known/,
    (host) => `the host key of ${host} is not known here`,
    (line) => `Connect once by hand and compare the key: ${line}`,
  ],
  [
    /Permission denied|Too many authentication failures/,
    (host) => `${host} did not let you in`,
    (line) => `ssh needs a key or an agent that works without a question. Try: ${line}`,
  ],
  [
    /Could not resolve hostname/,
    (host) => `there is no host ${host}`,
    () => 'Correct the address in homes.yaml, or name the host in your ~/.ssh/config.',
  ],
  [
    UNREACHABLE,
    (host) => `${host} cannot be reached`,
    (line) => `Is it on, and does its ssh server run? Try: ${line}`,
  ],
];

/** Whether ssh says that a connection which had been made is lost. */
export function isConnectionLost(stderr: string): boolean {
  return /^(?:Connection to .* closed by remote host|Shared connection to .* closed|client_loop: send disconnect|Timeout, server .* not responding|Read from remote host )/m.test(
    stderr,
  );
}

/** Whether ssh says that there is no way to the machine now, which may change by itself. */
export function isUnreachable(stderr: string): boolean {
  return UNREACHABLE.test(stderr);
}

/** The error for an ssh that ended before it was asked to. */
export function sshEnded(home: RemoteHome, { code, stderr, wasConnected }: SshEnd): QuickscrapeError {
  const { ssh } = home;
  const where = describeRemote(home);
  const last = lastLine(stderr);
  const said = last.replace(/\.$/, '');
  const plain = ['ssh', ...(ssh.port === undefined ? [] : ['-p', String(ssh.port)]), ssh.host, 'true'].join(
    ' ',
  );
  if (code === NOT_FOUND || code === NOT_EXECUTABLE) {
    const program = ssh.program ?? 'quickscrape';
    const name = home.name.slice(1);
    const what = code === NOT_FOUND ? 'was not found' : 'cannot be executed';
    return unreachable(
      `${where}: ${program} ${what} there`,
      [
        `Install it there: npm install --global ${PACKAGE_NAME}.`,
        ssh.program === undefined
          ? `If it is there, a shell without a login does not find it: name its path in homes.yaml, as in ${name}: { at: ssh://…, program: /path/to/quickscrape }`
          : `If it is there, correct the path of ${name} in homes.yaml: program`,
      ].join(' '),
    );
  }
  if (code === SSH_FAILED) {
    const known = SSH_FAILURES.find(([said]) => said.test(stderr));
    if (known !== undefined && !wasConnected) {
      const [, message, hint] = known;
      return unreachable(`${home.name}: ${message(ssh.host)}${said === '' ? '' : ` (${said})`}`, hint(plain));
    }
    const what = wasConnected ? 'the connection was lost' : 'ssh failed';
    return unreachable(`${where}: ${what}${last === '' ? '' : `: ${last}`}`, `Try: ${plain}`);
  }
  if (/unknown (?:option|command) '(?:rpc|tui|--)/.test(stderr))
    return unreachable(`${where} has another version of QuickScrape Jobs: ${last}`, upgradeHint(home));
  if (code === HOME_NOT_FOUND && /^there is no home/.test(last))
    return new QuickscrapeError('home_not_found', `${where}: ${last}`, { hint: makeThere(home) });
  const ended = code === null ? 'was ended by a signal' : `ended with ${code}`;
  return unreachable(
    `${where}: quickscrape there ${ended}${last === '' ? '' : `: ${last}`}`,
    `See what it says there: ${sshCommandLine(ssh, ['doctor'])}`,
  );
}

/** The error for an ssh that could not be started here. */
export function sshMissing(home: RemoteHome, cause: unknown): QuickscrapeError {
  const isMissing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
  const why = isMissing
    ? 'there is no program ssh here'
    : `ssh cannot be started: ${(cause as Error).message}`;
  return unreachable(`${describeRemote(home)}: ${why}`, 'Install the client of OpenSSH (openssh-client).');
}

/** The error for a machine that has let in, but does not answer. */
export function noAnswer(home: RemoteHome, seconds: number): QuickscrapeError {
  return unreachable(
    `${describeRemote(home)}: no answer within ${seconds} s`,
    `See what it says there: ${sshCommandLine(home.ssh, ['doctor'])}`,
  );
}

/** The error for output that is no message of the protocol. */
export function notOurProgram(home: RemoteHome, text: string): QuickscrapeError {
  return unreachable(
    `${describeRemote(home)}: the program that answers there is not quickscrape: ${text.slice(0, 200)}`,
    `See what it prints: ${sshCommandLine(home.ssh, ['--version'])}`,
  );
}

function makeThere({ ssh }: RemoteHome): string {
  return `Make it there: ${sshCommandLine(ssh, ['init'])}`;
}

function upgradeHint({ ssh }: RemoteHome): string {
  return `See how to upgrade it: ${sshCommandLine({ ...ssh, folder: undefined }, ['upgrade'])}`;
}

function unreachable(message: string, hint: string): QuickscrapeError {
  return new QuickscrapeError('store_unavailable', message, { field: 'home', hint });
}

/** A hint of the program there, and how ssh says good-bye when it had a terminal. */
const NOT_A_REASON = /^hint:|^Connection to .* closed\.$/;

/** The last line that ssh or the program there said, without the label of an error. */
function lastLine(stderr: string): string {
  const lines = stderr.split(/\r?\n/).filter((line) => line.trim() !== '' && !NOT_A_REASON.test(line));
  return (lines.findLast((line) => line.startsWith('error:')) ?? lines.at(-1) ?? '')
    .replace(/^error: /, '')
    .trim();
}

/** Methods that a server does not have (JSON-RPC 2.0 §5.1). */
const METHOD_NOT_FOUND = -32601;

/** Converts the error of an answer. */
export function remoteError(home: RemoteHome, method: string, error: unknown): QuickscrapeError {
  const { code: number, message, data } = asRecord(error);
  const { code: name, field, hint, issues } = asRecord(data);
  if (number === METHOD_NOT_FOUND)
    return new QuickscrapeError(
      'not_allowed',
      `${describeRemote(home)} has an older version of QuickScrape Jobs, which has no ${method}`,
      { hint: upgradeHint(home) },
    );
  const code = Object.hasOwn(ERROR_CODES, String(name)) ? (name as ErrorCode) : 'internal';
  const next =
    code === 'home_not_found'
      ? makeThere(home)
      : code === 'not_allowed'
        ? `${hint ?? ''} Over ssh, only what \`quickscrape rpc\` allows is possible; the rest is done there: ssh ${home.ssh.host}`.trim()
        : typeof hint === 'string'
          ? hint
          : undefined;
  const text = code === 'home_not_found' ? `${describeRemote(home)}: ${message}` : String(message);
  return new QuickscrapeError(code, text, {
    ...(typeof field === 'string' && { field }),
    ...(next !== undefined && { hint: next }),
    ...(Array.isArray(issues) && { issues: issues as Issue[] }),
  });
}
