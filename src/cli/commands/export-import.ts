import type { Command } from 'commander';
import { readRegularFile } from '../../core/fs/read-regular-file.ts';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import { pluralize } from '../../core/lib/pluralize.ts';
import { sanitizeText } from '../../core/lib/terminal-text.ts';
import { leafCommand, onCommand } from '../context/define-command.ts';
import { EXIT } from '../context/exit-codes.ts';
import { rejectExistingFile } from '../flags/flag-values.ts';

export function exportCommand(): Command {
  const command = leafCommand('export [file]', {
    description:
      'Write all jobs, configurations and settings as one JSON bundle, to a file or to stdout. Runs, output and secrets.env are not in it.',
    json: 'with FILE { file, jobs, configs }; without, the bundle itself',
    examples: [
      ['export backup.json', 'into a file'],
      ['export backup.json --force', 'over the file of yesterday'],
      ['export | ssh other quickscrape import -', 'to another machine'],
    ],
  }).option('--force', 'overwrite the file');
  return onCommand<[string | undefined], { force?: boolean }>(command, async (context, [file], { force }) => {
    if (file !== undefined && file !== '-' && !force) await rejectExistingFile(file);
    const { createBundle } = await import('./bundle.ts');
    const { bundle, skipped } = createBundle(await context.workspace());
    for (const reason of skipped)
      context.printMessage(`${context.err.colors.yellow('left out:')} ${sanitizeText(reason)}`);
    const text = `${JSON.stringify(bundle, null, 2)}\n`;
    if (file === undefined || file === '-') {
      context.out.write(text);
      return;
    }
    const [{ resolve }, { writeFileDurably }] = await Promise.all([
      import('node:path'),
      import('../../core/fs/atomic-file.ts'),
    ]);
    await writeFileDurably(resolve(file), text);
    const counts = { file, jobs: bundle.jobs.length, configs: Object.keys(bundle.configs).length };
    await context.print(counts, () =>
      sanitizeText(
        `Wrote ${pluralize(counts.jobs, 'job')} and ${pluralize(counts.configs, 'configuration')} to ${file}`,
      ),
    );
  });
}

/** The largest bundle file, in bytes. */
const MAX_BUNDLE_BYTES = 67_108_864;

export function importCommand(): Command {
  const command = leafCommand('import <file>', {
    description:
      'Import jobs, configurations and settings from a bundle of export (- reads stdin). Never overwrites: existing ones with other values are listed, and the exit code is 4.',
    json: '{ imported, unchanged, conflicts }: each conflict with what and reason',
    examples: [['import backup.json', 'saying it twice changes nothing']],
  });
  return onCommand<[string], object>(command, async (context, [file]) => {
    const [{ readBundle }, { importBundle }, { readFileSync }] = await Promise.all([
      import('./bundle.ts'),
      import('./bundle.ts'),
      import('node:fs'),
    ]);
    let text: string;
    try {
      text = file === '-' ? readFileSync(0, 'utf8') : readRegularFile(file, MAX_BUNDLE_BYTES).toString();
    } catch (error) {
      throw new QuickscrapeError('invalid_params', `${file} cannot be read: ${(error as Error).message}`, {
        field: 'file',
        cause: error,
      });
    }
    const report = await importBundle(await context.workspace(), readBundle(text, file));
    const { colors } = context.out;
    await context.print(report, () =>
      [
        ...report.imported.map((what) => `${colors.green('imported')}  ${sanitizeText(what)}`),
        ...report.unchanged.map((what) => `${colors.dim('unchanged')} ${sanitizeText(what)}`),
        ...report.conflicts.map(
          ({ what, reason }) => `${colors.yellow('conflict')}  ${sanitizeText(`${what}: ${reason}`)}`,
        ),
        `${pluralize(report.imported.length, 'thing')} imported, ${report.unchanged.length} unchanged, ${pluralize(report.conflicts.length, 'conflict')}`,
      ].join('\n'),
    );
    return report.conflicts.length === 0 ? EXIT.done : EXIT.conflict;
  });
}
