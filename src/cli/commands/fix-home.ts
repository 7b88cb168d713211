import type { FilePlan } from '../../core/diagnostics/repair/plan-files.ts';
import type { HomePaths } from '../../core/fs/paths.ts';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import { type CommandContext, canPrompt, confirm } from '../context/context.ts';

interface FixFlags {
  dryRun: boolean;
  yes: boolean;
}

/** The `--json` output of a repair. */
export interface FixReport {
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
export async function fixHome(
  context: CommandContext,
  paths: HomePaths,
  { dryRun, yes }: FixFlags,
): Promise<FixReport> {
  const [{ planRepairs }, { applyRepairs, backupFolder }, { countDeadRuns }, homeFixes, render] =
    await Promise.all([
      import('../../core/diagnostics/repair/plan-files.ts'),
      import('../../core/diagnostics/repair/apply-repairs.ts'),
      import('../../core/diagnostics/repair/repair-run-state.ts'),
      import('../../core/diagnostics/repair/home-fixes.ts'),
      import('../render/format-findings.ts'),
    ]);
  const plans = planRepairs(paths);
  const chores = homeFixes.findHomeFixes(paths);
  const deadRuns = await countDeadRuns(paths.database);
  const repairable = plans.filter(({ state }) => state === 'repairable');
  const todo = repairable.length + chores.length + deadRuns;
  const isTable = context.globals.format === 'table';
  if (isTable) context.out.write(render.formatRepairPlan(plans, chores, deadRuns, context.out));
  const applied = !dryRun && (await confirmRepair(context, todo, yes));
  const backup = applied && repairable.length > 0 ? backupFolder(paths, Date.now()) : null;
  if (applied) homeFixes.applyHomeFixes(paths);
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
  const report = { applied, backup, files, chores, ...settled };
  if (isTable) context.out.write(`${render.formatRepairResult(report, { todo, dryRun }, context.out)}\n`);
  return report;
}

/** A database error is only a warning here, because the job files can be repaired without the database. */
async function settle(context: CommandContext): Promise<Pick<FixReport, 'runs' | 'copies'>> {
  const { repairRunState } = await import('../../core/diagnostics/repair/repair-run-state.ts');
  try {
    return await repairRunState(await context.workspace());
  } catch (error) {
    if (!(error instanceof QuickscrapeError)) throw error;
    context.printMessage(`warning: runs were not looked after: ${error.message}`);
    return { runs: [], copies: [] };
  }
}

/** No confirmation is needed when nothing would change: runs and copies are reconciled in any case. */
async function confirmRepair(context: CommandContext, todo: number, yes: boolean): Promise<boolean> {
  if (yes || todo === 0) return true;
  if (!canPrompt(context)) return false;
  return confirm(context, 'Make these changes?');
}
