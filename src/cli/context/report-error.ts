import { CommanderError } from 'commander';
import { type Issue, QuickscrapeError } from '../../core/lib/errors.ts';
import { safeJson, sanitizeLines, sanitizeText } from '../../core/lib/sanitize-text.ts';

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

/** Reports an error on stderr, for people or as JSON, and returns the exit code. */
export function reportError(error: unknown, { json, color }: { json: boolean; color: boolean }): number {
  const report = toReport(error);
  if (report === undefined) return EXIT.usage;
  const { exitCode, ...body } = report;
  if (exitCode === EXIT.done) return exitCode;
  const { write, colors } = createTerminal(process.stderr, color);
  if (json) {
    write(`${safeJson({ error: body })}\n`);
    return exitCode;
  }
  write(`${colors.red('error:')} ${sanitizeLines(body.message)}\n`);
  for (const line of issueLines(body)) write(`  ${line}\n`);
  if (body.hint !== undefined) write(`${colors.dim('hint:')} ${sanitizeLines(body.hint)}\n`);
  return exitCode;
}

/** `undefined`: commander has printed a group's help instead of an error. */
function toReport(error: unknown): Report | undefined {
  if (error instanceof CommanderError) return toUsageReport(error);
  if (error instanceof QuickscrapeError) {
    return { message: error.message, ...error.toData(), exitCode: exitCodeOf(error.code) };
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

function toUsageReport(error: CommanderError): Report | undefined {
  if (error.code === 'commander.help' && error.exitCode !== 0) return undefined;
  const [first = '', ...rest] = error.message.replace(/^error: /, '').split('\n');
  const suggestion = /\((Did you mean .*\?)\)/.exec(rest.join(' '))?.[1];
  return {
    message: first,
    code: 'invalid_params',
    hint:
      suggestion?.replace('Did you mean one of', 'Did you mean one of:') ??
      'Add --help to see what is allowed.',
    exitCode: error.exitCode === 0 ? EXIT.done : EXIT.usage,
  };
}

/** One line per issue; none if the message contains the only one. */
function issueLines({ message, issues = [] }: Report | Omit<Report, 'exitCode'>): string[] {
  if (issues.length === 1 && issues[0] && message.includes(issues[0].message)) return [];
  return issues.map(({ file, line, column, path, message: text, hint }) => {
    const location =
      file === undefined ? '' : `${[file, line, column].filter((part) => part !== undefined).join(':')}: `;
    const field = path === '' || text.startsWith(path) ? '' : `${path}: `;
    return sanitizeText(`${location}${field}${text}${hint === undefined ? '' : ` (${hint})`}`);
  });
}
