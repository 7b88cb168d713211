import type { Command } from 'commander';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import { sanitizeText } from '../../core/lib/sanitize-text.ts';
import type { OperationOutput } from '../../core/operations/call-operation.ts';
import { type CommandContext, resolveJobId } from '../context/context.ts';
import { leafCommand, onCommand } from '../context/define-command.ts';
import { collectValues, integerParser, parseFilePath } from '../flags/flag-values.ts';

interface Options {
  job?: string[];
  days?: number;
  html?: string;
}

/** `MAX_REPORT_DAYS`: without the operation, which is loaded only when the command runs. */
const MAX_DAYS = 366;
const DEFAULT_DAYS = 7;
/** The page may hold what only its reader should see. */
const PRIVATE = 0o600;

export function reportCommand(): Command {
  const command = leafCommand('report', {
    overSsh: true,
    description:
      'Report how the jobs did in the last days: failures with causes, changes, curves, what is next. With --html it is one page for people who open no terminal.',
    json: 'get_report; with --html FILE { file, bytes }',
    examples: [
      ['report', 'a short table'],
      ['report --html report.html', 'one page that needs no network, for a browser, a mail or a printer'],
      ['report --days 30 --job news --job prices --html -', 'two jobs, a month, to stdout'],
    ],
  })
    .option('--job <job>', 'only this job; may be repeated', collectValues)
    .option('--days <n>', `how far back (default ${DEFAULT_DAYS})`, integerParser(1, MAX_DAYS))
    .option('--html <file>', 'write one page of HTML to this file, or to stdout (-)', parseFilePath);
  return onCommand<[], Options>(command, async (context, _args, { job, days, html }) => {
    const toStdout = html === '-';
    if (toStdout && context.globals.format !== 'table') throw twoFormats(context);
    const file = html === undefined || toStdout ? undefined : await checkFile(html);
    const report = await readReport(context, job, days);
    if (html === undefined) {
      await context.print(report, async () => {
        const { formatReport } = await import('../render/format-report.ts');
        return formatReport(report, context.out);
      });
      return;
    }
    const { formatReportPage } = await import('../render/report/report-page.ts');
    const page = formatReportPage(report);
    if (file === undefined) {
      context.out.write(page);
      return;
    }
    await writePage(file, page);
    const bytes = Buffer.byteLength(page);
    await context.print({ file, bytes }, () => sanitizeText(`Wrote ${file}: ${report.headline}`));
  });
}

async function readReport(
  context: CommandContext,
  jobs: readonly string[] | undefined,
  days = DEFAULT_DAYS,
): Promise<OperationOutput<'get_report'>> {
  if (jobs === undefined) return context.invoke('get_report', { days });
  const job_ids: string[] = [];
  for (const job of jobs) job_ids.push(await resolveJobId(context, job));
  return context.invoke('get_report', { days, job_ids });
}

/** Rejects a file that could not be written before the home is read. @returns its absolute path */
async function checkFile(html: string): Promise<string> {
  const [{ dirname, join, resolve }, { statSync }] = await Promise.all([
    import('node:path'),
    import('node:fs'),
  ]);
  const isFolder = (path: string) => statSync(path, { throwIfNoEntry: false })?.isDirectory();
  const file = resolve(html);
  if (isFolder(file))
    throw new QuickscrapeError('invalid_params', `${file} is a folder`, {
      field: 'html',
      hint: `Name a file in it: --html ${join(html, 'report.html')}`,
    });
  if (!isFolder(dirname(file)))
    throw new QuickscrapeError('invalid_params', `the folder ${dirname(file)} does not exist`, {
      field: 'html',
      hint: 'Make it, or name a file in another folder.',
    });
  return file;
}

/** Replaces the file as a whole. It keeps its permissions; a new one is private. */
async function writePage(file: string, page: string): Promise<void> {
  const [{ writeFileDurably }, { permissionBits }] = await Promise.all([
    import('../../core/fs/atomic-file.ts'),
    import('../../core/fs/file-modes.ts'),
  ]);
  await writeFileDurably(file, page, { mode: permissionBits(file) ?? PRIVATE, sync: 'content' });
}

function twoFormats(context: CommandContext): QuickscrapeError {
  return new QuickscrapeError('invalid_params', '--html - and --json both print to stdout', {
    field: 'html',
    hint: `Write the page to a file: ${context.command('report --html report.html --json')}`,
  });
}
