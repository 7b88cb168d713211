import type { Command } from 'commander';
import { QuickscrapeError } from '../../../core/lib/errors.ts';
import { leafCommand, onCommand } from '../../context/define-command.ts';
import { EXIT } from '../../context/exit-codes.ts';

interface Options {
  dryRun?: boolean;
  yes?: boolean;
}

export function repairJobs(): Command {
  const command = leafCommand('repair-jobs', {
    description:
      'Repair job files with unambiguous errors (a backup is made first). These are a byte order mark, UTF-16, comments, a comma before a bracket, a file name in capitals, and the id of a copied file. It explains every other error, shows every change and asks first. It also does what doctor --fix does: missing folders, files open to others, temporary files, runs whose process died. Exits 1 while a job file is invalid.',
    json: '{ ok, applied, backup, files, chores, runs, copies }: each file with file, state (repairable, repaired, changed, beyond, newer), flaws (message, line, column), diff, renamed_to; each chore with what, message',
    examples: [
      ['maintenance repair-jobs --dry-run', 'only says what is wrong and what it would do'],
      ['maintenance repair-jobs', 'asks, then repairs'],
      ['maintenance repair-jobs --yes', 'without asking, as scripts must'],
    ],
  })
    .option('--dry-run', 'change nothing')
    .option('--yes', 'do not ask');
  return onCommand<[], Options>(command, async (context, _, { dryRun = false, yes = false }) => {
    const [{ fixHome }, { resolveHome }, { collectHome }, { requireHome }] = await Promise.all([
      import('./fix-home.ts'),
      import('../../../core/fs/paths.ts'),
      import('../../../core/diagnostics/doctor/collect-files.ts'),
      import('../../../core/fs/existing-home.ts'),
    ]);
    const paths = resolveHome({ home: context.globals.home });
    requireHome(paths);
    if (collectHome(paths).kind !== 'folder') {
      throw new QuickscrapeError('store_unavailable', `there is no home at ${paths.home}`, {
        hint: 'See what is there with: quickscrape doctor',
      });
    }
    const report = await fixHome(context, paths, { dryRun, yes });
    const ok = report.files.every(({ state }) => state === 'repaired' || state === 'newer');
    await context.print({ ok, ...report }, () => '');
    return ok ? EXIT.done : (context.interrupt.code ?? EXIT.failed);
  });
}
