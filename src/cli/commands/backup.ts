import type { Command } from 'commander';
import { pluralize } from '../../core/lib/pluralize.ts';
import { sanitizeText } from '../../core/lib/terminal-text.ts';
import { truncateList } from '../../core/lib/truncate-list.ts';
import { leafCommand, onCommand } from '../context/define-command.ts';
import { rejectExistingFile } from '../flags/flag-values.ts';

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

export function restoreCommand(): Command {
  const command = leafCommand('restore <file>', {
    description:
      'Restore the database from a backup, while no scheduler and no run is active. Nothing that was due before now starts again; runs in the journal starts.log come back into the history. The replaced database is kept beside it.',
    json: '{ file, kept_as, dropped_runs, runs }: the restored backup and the path of the replaced database. dropped_runs counts its runs that waited for a start or a retry: they do not start any more. runs counts the runs of the history now.',
    examples: [['restore /backups/news.db', 'after: quickscrape scheduler stop']],
  }).option('--force', 'also from a backup of another home');
  return onCommand<[string], { force?: boolean }>(command, async (context, [file], { force }) => {
    const [{ resolve }, { resolveHome }, { requireHome }, { restoreFrom }] = await Promise.all([
      import('node:path'),
      import('../../core/fs/paths.ts'),
      import('../../core/fs/home-folder.ts'),
      import('../../core/database/recovery/restore.ts'),
    ]);
    const paths = resolveHome({ home: context.globals.home });
    requireHome(paths);
    const { keptAs, droppedRuns } = restoreFrom(paths, resolve(file), Date.now(), force);
    const { runs } = await context.workspace();
    const answer = {
      file,
      kept_as: keptAs ?? null,
      dropped_runs: droppedRuns.length,
      runs: runs.list({ limit: 1 }).total,
    };
    await context.print(answer, () => {
      const restored = `Restored ${file}: ${pluralize(answer.runs, 'run')}. Nothing that was due before now starts again.`;
      const dropped = droppedRuns.length === 0 ? '' : `\n${formatDroppedRuns(droppedRuns)}`;
      const kept = keptAs === undefined ? '' : `\nThe database before is kept as ${keptAs}`;
      return sanitizeText(restored + dropped + kept);
    });
  });
}

function formatDroppedRuns(runs: readonly { jobId: string }[]): string {
  const jobs = [...new Set(runs.map(({ jobId }) => jobId))];
  const which = `${jobs.length === 1 ? 'job' : 'jobs'} ${truncateList(jobs)}`;
  const [does, them] = runs.length === 1 ? ['does', 'it'] : ['do', 'them'];
  return `${pluralize(runs.length, 'run')} of ${which} waited in the database before and ${does} not start any more. If you need ${them}: quickscrape job run JOB`;
}
