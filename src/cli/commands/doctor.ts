import type { Command } from 'commander';
import type { FilePlan } from '../../core/diagnostics/repair/repair-files.ts';
import type { HomePaths } from '../../core/fs/paths.ts';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import { type CommandContext, canPrompt, confirm } from '../context/context.ts';
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
    if (yes && !fix) throw yesWithoutFix(context);
    const [{ runDoctorChecks }, { checkConfig }, { readHomeEnvironment }, { resolveHome }] =
      await Promise.all([
        import('../../core/diagnostics/doctor/run-doctor-checks.ts'),
        import('../../scrape/config/parse-config.ts'),
        import('../../core/configs/home-environment.ts'),
        import('../../core/fs/paths.ts'),
      ]);
    const paths = resolveHome({ home: context.globals.home });
    const fixed = fix ? await fixWhatIsThere(context, paths, yes) : undefined;
    const { env } = readHomeEnvironment(paths);
    const findings = await runDoctorChecks(
      paths,
      (yaml, file) => checkConfig(yaml, file, env, { forRun: true }),
      (line) => context.command(line),
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
  const { collectHome } = await import('../../core/diagnostics/doctor/collect-files.ts');
  // Without a home, the findings contain the next step.
  if (collectHome(paths).kind !== 'folder') return undefined;
  return fixHome(context, paths, { dryRun: false, yes });
}

function yesWithoutFix(context: CommandContext): QuickscrapeError {
  return new QuickscrapeError('invalid_params', '--yes goes with --fix', {
    field: 'yes',
    hint: `To fix without being asked: ${context.command('doctor --fix --yes')}`,
  });
}

interface RepairOptions {
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
  return onCommand<[], RepairOptions>(command, async (context, _, { dryRun = false, yes = false }) => {
    const [{ resolveHome }, { collectHome }, { requireHome }] = await Promise.all([
      import('../../core/fs/paths.ts'),
      import('../../core/diagnostics/doctor/collect-files.ts'),
      import('../../core/fs/home-folder.ts'),
    ]);
    const paths = resolveHome({ home: context.globals.home });
    requireHome(paths);
    if (collectHome(paths).kind !== 'folder') {
      throw new QuickscrapeError('store_unavailable', `${paths.home} is not a folder that can be read`, {
        hint: `See what is there with: ${context.command('doctor')}`,
      });
    }
    const report = await fixHome(context, paths, { dryRun, yes });
    const ok = report.files.every(({ state }) => state === 'repaired' || state === 'newer');
    await context.print({ ok, ...report }, () => '');
    return ok ? EXIT.done : (context.interrupt.code ?? EXIT.failed);
  });
}

interface FixFlags {
  dryRun: boolean;
  yes: boolean;
}

/** The `--json` output of a repair. */
interface FixReport {
  applied: boolean;
  /** The folder with the original job files. */
  backup: string | null;
  files: (Pick<FilePlan, 'flaws' | 'diff'> & { file: string; state: string; renamed_to?: string })[];
  chores: readonly { what: string; message: string }[];
  runs: string[];
  copies: string[];
}

/**
 * Shows the unambiguous errors of a home and its job files, asks for confirmation, and repairs them after a backup.
 * @throws QuickscrapeError `store_unavailable` when the disk refuses
 */
async function fixHome(
  context: CommandContext,
  paths: HomePaths,
  { dryRun, yes }: FixFlags,
): Promise<FixReport> {
  const [
    { applyRepairs, backupFolder, planRepairs },
    { applyHomeFixes, countDeadRuns, findHomeFixes },
    render,
  ] = await Promise.all([
    import('../../core/diagnostics/repair/repair-files.ts'),
    import('../../core/diagnostics/repair/home-fixes.ts'),
    import('../render/format-findings.ts'),
  ]);
  const plans = planRepairs(paths);
  const homeFixes = findHomeFixes(paths);
  const deadRuns = await countDeadRuns(paths.database);
  const repairable = plans.filter(({ state }) => state === 'repairable');
  const todo = repairable.length + homeFixes.length + deadRuns;
  const isTable = context.globals.format === 'table';
  if (isTable) context.out.write(render.formatRepairPlan(plans, homeFixes, deadRuns, context.out));
  const applied = !dryRun && (await confirmRepair(context, todo, yes));
  const backup = applied && repairable.length > 0 ? backupFolder(paths, Date.now()) : null;
  if (applied) applyHomeFixes(paths);
  const done = backup === null ? [] : await applyRepairs(paths, repairable, backup);
  const states = new Map<string, string>(done.map(({ name, outcome }) => [name, outcome]));
  const settled = applied ? await settle(context) : { runs: [], copies: [] };
  const files = plans.map(({ name, state, flaws, diff, newName }) => ({
    file: name,
    state: states.get(name) ?? state,
    flaws,
    diff,
    ...(newName !== undefined && { renamed_to: newName }),
  }));
  const report = { applied, backup, files, chores: homeFixes, ...settled };
  if (isTable) context.out.write(`${render.formatRepairResult(report, { todo, dryRun }, context.out)}\n`);
  return report;
}

/** A database error is only a warning here, because the job files can be repaired without the database. */
async function settle(context: CommandContext): Promise<Pick<FixReport, 'runs' | 'copies'>> {
  const { repairRunState } = await import('../../core/diagnostics/repair/home-fixes.ts');
  try {
    return await repairRunState(await context.workspace());
  } catch (error) {
    if (!(error instanceof QuickscrapeError)) throw error;
    context.printMessage(`warning: runs could not be reconciled: ${error.message}`);
    return { runs: [], copies: [] };
  }
}

/** No confirmation is needed when nothing would change: runs and copies are reconciled in any case. */
async function confirmRepair(context: CommandContext, todo: number, yes: boolean): Promise<boolean> {
  if (yes || todo === 0) return true;
  if (!canPrompt(context)) return false;
  return confirm(context, 'Make these changes?');
}
