import type { Command } from 'commander';
import { sanitizeText } from '../../core/lib/sanitize-text.ts';
import { pluralize, truncateList } from '../../core/lib/text.ts';
import { leafCommand, onCommand } from '../context/define-command.ts';
import { EXIT } from '../context/exit-codes.ts';
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
      const dropped =
        droppedRuns.length === 0 ? '' : `\n${formatDroppedRuns(droppedRuns, context.command('job run JOB'))}`;
      const kept = keptAs === undefined ? '' : `\nThe database before is kept as ${keptAs}`;
      return sanitizeText(restored + dropped + kept);
    });
  });
}

function formatDroppedRuns(runs: readonly { jobId: string }[], runCommand: string): string {
  const jobs = [...new Set(runs.map(({ jobId }) => jobId))];
  const which = `${jobs.length === 1 ? 'job' : 'jobs'} ${truncateList(jobs)}`;
  const [does, them] = runs.length === 1 ? ['does', 'it'] : ['do', 'them'];
  return `${pluralize(runs.length, 'run')} of ${which} waited in the database before and ${does} not start any more. If you need ${them}: ${runCommand}`;
}

export function exportCommand(): Command {
  const command = leafCommand('export [file]', {
    description:
      'Write all jobs, configurations and settings as one JSON bundle, to a file or to stdout. Runs, output, secrets.env and files of addresses are not in it.',
    json: 'with FILE { file, jobs, configs }; without, the bundle itself',
    examples: [
      ['export backup.json', 'into a file'],
      ['export backup.json --force', 'over the file of yesterday'],
      ['export | ssh other quickscrape import -', 'to another machine'],
    ],
  }).option('--force', 'overwrite the file');
  return onCommand<[string | undefined], { force?: boolean }>(command, async (context, [file], { force }) => {
    if (file !== undefined && file !== '-' && !force) await rejectExistingFile(file);
    const { createBundle } = await import('../../core/operations/bundle.ts');
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

export function importCommand(): Command {
  const command = leafCommand('import <file>', {
    description:
      'Import jobs, configurations and settings from a bundle of export (- reads stdin). Never overwrites: existing ones with other values are listed, and the exit code is 4. It names files of addresses that are missing.',
    json: '{ imported, unchanged, conflicts, missing }: each conflict with what and reason; missing: files of addresses, with what reads them',
    examples: [
      ['import backup.json --dry-run', 'see first what it would do'],
      ['import backup.json', 'running it twice changes nothing'],
    ],
  }).option('--dry-run', 'only say what would be imported');
  return onCommand<[string], { dryRun?: boolean }>(command, async (context, [file], { dryRun }) => {
    const { importBundle, readBundle, readBundleFile, toImportReport } = await import(
      '../../core/operations/import-bundle.ts'
    );
    const text = readBundleFile(file === '-' ? 0 : file, file);
    const report = toImportReport(
      await importBundle(await context.workspace(), readBundle(text, file), { dryRun }),
    );
    const { colors } = context.out;
    const [taken, end] = dryRun ? ['would import', 'would be imported'] : ['imported', 'imported'];
    await context.print(report, () =>
      [
        ...report.imported.map((what) => `${colors.green(taken)}  ${sanitizeText(what)}`),
        ...report.unchanged.map((what) => `${colors.dim('unchanged')} ${sanitizeText(what)}`),
        ...report.conflicts.map(
          ({ what, reason }) => `${colors.yellow('conflict')}  ${sanitizeText(`${what}: ${reason}`)}`,
        ),
        ...report.missing.map(
          ({ what, file }) =>
            `${colors.yellow('missing')}   ${sanitizeText(`${file}, the addresses of ${what}: copy it from the other home`)}`,
        ),
        `${pluralize(report.imported.length, 'thing')} ${end}, ${report.unchanged.length} unchanged, ${pluralize(report.conflicts.length, 'conflict')}`,
      ].join('\n'),
    );
    return report.conflicts.length === 0 ? EXIT.done : EXIT.conflict;
  });
}
