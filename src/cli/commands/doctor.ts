import type { Command } from 'commander';
import type { HomePaths } from '../../core/fs/paths.ts';
import type { CommandContext } from '../context/context.ts';
import { leafCommand, onCommand } from '../context/define-command.ts';
import { EXIT } from '../context/exit-codes.ts';

interface Options {
  fix?: boolean;
  yes?: boolean;
}

export function doctorCommand(): Command {
  const command = leafCommand('doctor', {
    description:
      'Examine the home and the system, with a fix for each problem. Changes nothing without --fix. With it, it shows what can be fixed in one way only, asks, keeps a backup of job files, fixes it and examines again. Exits 1 when something keeps jobs from working; warnings alone do not count.',
    json: '{ ok, findings }: each with check, status (ok, warning, problem), message, fix, where; with --fix also fixed, as maintenance repair-jobs prints it',
    examples: [
      ['doctor', 'what is wrong, and how to fix it'],
      ['doctor --fix', 'folders, permissions, temporary files, runs whose process died, job files'],
      [`doctor --json | jq '.findings[] | select(.status != "ok")'`, 'for a script'],
    ],
  })
    .option('--fix', 'fix what can be fixed in one way only, after a question')
    .option('--yes', 'do not ask; goes with --fix');
  return onCommand<[], Options>(command, async (context, _, { fix = false, yes = false }) => {
    if (yes && !fix) throw await yesWithoutFix();
    const [{ runDoctorChecks }, { checkConfig }, { readHomeEnvironment }, { resolveHome }] =
      await Promise.all([
        import('../../core/diagnostics/doctor/run-doctor-checks.ts'),
        import('../../scrape/config/parse-config.ts'),
        import('../../scrape/config/home-environment.ts'),
        import('../../core/fs/paths.ts'),
      ]);
    const paths = resolveHome({ home: context.globals.home });
    const fixed = fix ? await fixWhatIsThere(context, paths, yes) : undefined;
    const { env } = readHomeEnvironment(paths);
    const findings = await runDoctorChecks(paths, (yaml, file) =>
      checkConfig(yaml, file, env, { forRun: true }),
    );
    const ok = findings.every(({ status }) => status !== 'problem');
    await context.print({ ok, findings, ...(fixed && { fixed }) }, async () => {
      const { formatFindings } = await import('../render/format-findings.ts');
      return formatFindings(findings, context.out);
    });
    return ok ? EXIT.done : EXIT.failed;
  });
}

async function fixWhatIsThere(context: CommandContext, paths: HomePaths, yes: boolean) {
  const [{ fixHome }, { collectHome }] = await Promise.all([
    import('./maintenance/fix-home.ts'),
    import('../../core/diagnostics/doctor/collect-files.ts'),
  ]);
  // Without a home, the findings say what to do.
  if (collectHome(paths).kind !== 'folder') return undefined;
  return fixHome(context, paths, { dryRun: false, yes });
}

async function yesWithoutFix(): Promise<Error> {
  const { QuickscrapeError } = await import('../../core/lib/errors.ts');
  return new QuickscrapeError('invalid_params', '--yes goes with --fix', {
    field: 'yes',
    hint: 'To fix without being asked: quickscrape doctor --fix --yes',
  });
}
