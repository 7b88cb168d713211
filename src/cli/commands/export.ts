import type { Command } from 'commander';
import { pluralize } from '../../core/lib/pluralize.ts';
import { sanitizeText } from '../../core/lib/terminal-text.ts';
import { leafCommand, onCommand } from '../context/define-command.ts';
import { rejectExistingFile } from './reject-existing-file.ts';

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
