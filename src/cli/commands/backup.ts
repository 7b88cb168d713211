import type { Command } from 'commander';
import { sanitizeText } from '../../core/lib/terminal-text.ts';
import { leafCommand, onCommand } from '../context/define-command.ts';
import { rejectExistingFile } from './reject-existing-file.ts';

export function backupCommand(): Command {
  const command = leafCommand('backup <file>', {
    description:
      'Copy the database, with the history, the queue and each job’s state, into a file; a scheduler may run meanwhile. Jobs, configurations and settings are plain files: export writes them, or keep them in git. quickscrape restore puts the copy back.',
    json: '{ file, bytes }',
    examples: [
      ['backup /backups/news.db', 'into a file'],
      ['backup /backups/news.db --force', 'over the file of yesterday'],
    ],
  }).option('--force', 'overwrite the file');
  return onCommand<[string], { force?: boolean }>(command, async (context, [file], { force }) => {
    if (!force) await rejectExistingFile(file);
    const [{ resolve }, { backUpTo }] = await Promise.all([
      import('node:path'),
      import('../../core/database/recovery/restore.ts'),
    ]);
    const { paths } = await context.workspace();
    const bytes = backUpTo(paths, resolve(file));
    await context.print({ file, bytes }, () =>
      sanitizeText(`Wrote ${(bytes / 1024 / 1024).toFixed(1)} MiB to ${file}`),
    );
  });
}
