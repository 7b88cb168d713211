import { type Command, CommanderError } from 'commander';
import { closestNames } from '../../core/lib/closest-names.ts';
import { type Issue, QuickscrapeError } from '../../core/lib/errors.ts';
import { safeJson, sanitizeLines, sanitizeText } from '../../core/lib/sanitize-text.ts';
import { formatLocation, withField } from '../../core/lib/text.ts';
import { hintFormatter } from '../flags/global-flags.ts';
import { createTerminal } from '../render/terminal.ts';
import { EXIT, exitCodeOf } from './exit-codes.ts';

interface Report {
  message: string;
  code: string;
  field?: string;
  hint?: string;
  issues?: Issue[];
  exitCode: number;
}

interface ReportOptions {
  json: boolean;
  color: boolean;
  /** The home, if the user named one. */
  home: string | undefined;
}

/** Reports an error on stderr, for people or as JSON, and returns the exit code. */
export function reportError(error: unknown, { json, color, home }: ReportOptions): number {
  const report = toReport(error, home);
  if (report === undefined) return EXIT.usage;
  const { exitCode, ...body } = report;
  if (exitCode === EXIT.done) return exitCode;
  const { write, colors } = createTerminal(process.stderr, color);
  if (json) {
    write(`${safeJson({ error: body })}\n`);
    return exitCode;
  }
  write(`${colors.red('error:')} ${sanitizeLines(body.message)}\n`);
  const lines = issueLines(body);
  for (const line of lines) write(`  ${line}\n`);
  const isTold = body.hint !== undefined && lines.some((line) => line.includes(`(${body.hint})`));
  if (body.hint !== undefined && !isTold) write(`${colors.dim('hint:')} ${sanitizeLines(body.hint)}\n`);
  return exitCode;
}

/** `undefined`: commander has printed a group's help instead of an error. */
function toReport(error: unknown, home: string | undefined): Report | undefined {
  if (error instanceof CommanderError) return toUsageReport(error);
  if (error instanceof QuickscrapeError) {
    const data = error.toData(hintFormatter(home));
    return { message: error.message, ...data, exitCode: exitCodeOf(error.code) };
  }
  if (error instanceof Error && error.name === 'ScrapeError') {
    const { kind, hint } = error as Error & { kind?: unknown; hint?: unknown };
    return {
      message: error.message,
      code: String(kind),
      ...(typeof hint === 'string' && { hint }),
      exitCode: EXIT.failed,
    };
  }
  const message = error instanceof Error ? error.message : String(error);
  const detail = process.env['QUICKSCRAPE_DEBUG'] && error instanceof Error ? `\n${error.stack}` : '';
  return {
    message: `${message}${detail}`,
    code: 'internal',
    hint: 'Set QUICKSCRAPE_DEBUG=1 to see where this comes from.',
    exitCode: EXIT.failed,
  };
}

/** Commander's error, with the command in which it occurred (program.ts). */
type UsageError = CommanderError & { command?: Command };

function toUsageReport(error: UsageError): Report | undefined {
  if (error.code === 'commander.help' && error.exitCode !== 0) return undefined;
  const close = suggestNames(error);
  return {
    // Commander labels its messages, as this report does.
    message: error.message.replace(/^error: /, ''),
    code: 'invalid_params',
    hint: close.length > 0 ? `Did you mean ${close.join(' or ')}?` : 'Add --help to see what is allowed.',
    exitCode: error.exitCode === 0 ? EXIT.done : EXIT.usage,
  };
}

/** The commands or flags whose names are close to the unknown one. */
function suggestNames({ code, command }: UsageError): string[] {
  if (command === undefined) return [];
  if (code === 'commander.unknownCommand') {
    const commands = command.createHelp().visibleCommands(command);
    return closestNames(
      command.args[0] ?? '',
      commands.map((each) => each.name()),
    );
  }
  if (code !== 'commander.unknownOption') return [];
  if (command.name() === 'scrape' && command.args.some((arg) => arg.startsWith('--dry-run')))
    return ['--sample 5'];
  // It stands before what follows it, and may have its value: --tagg=x.
  const [, flag] = /^--([^=]+)/.exec(command.args.find((arg) => /^-./.test(arg)) ?? '') ?? [];
  return flag === undefined ? [] : closestNames(flag, flagNames(command)).map((name) => `--${name}`);
}

/** The long flags of a command and of those that it belongs to, without their dashes. */
function flagNames(command: Command): string[] {
  const own = command
    .createHelp()
    .visibleOptions(command)
    .flatMap(({ long }) => (long ? [long.slice(2)] : []));
  return command.parent === null ? own : [...own, ...flagNames(command.parent)];
}

/** One line per issue; none if the message contains the only one. */
function issueLines({ message, issues = [] }: Report | Omit<Report, 'exitCode'>): string[] {
  if (issues.length === 1 && issues[0] && message.includes(issues[0].message)) return [];
  return issues.map(({ file, line, column, path, message: text, hint }) => {
    const location = file === undefined ? '' : `${formatLocation(file, line, column)}: `;
    return sanitizeText(`${location}${withField(path, text)}${hint === undefined ? '' : ` (${hint})`}`);
  });
}
