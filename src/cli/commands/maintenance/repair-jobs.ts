import type { Command } from 'commander';
import type { FilePlan } from '../../../core/diagnostics/repair/plan-files.ts';
import { QuickscrapeError } from '../../../core/lib/errors.ts';
import { canPrompt, confirm } from '../../context/confirm.ts';
import type { CommandContext } from '../../context/context.ts';
import { leafCommand, onCommand } from '../../context/define-command.ts';
import { EXIT } from '../../context/exit-codes.ts';

interface Options {
  dryRun?: boolean;
  yes?: boolean;
}

export function repairJobs(): Command {
  const command = leafCommand('repair-jobs', {
    description:
      'Explain what is wrong with job files and mend what can mean only one thing, after a backup. Shows every change and asks first; files of which it is not sure stay as they are. Also makes missing folders, closes files to other users, clears away temporary files and settles runs whose process died. Exits 1 while a job file is invalid.',
    json: '{ ok, applied, backup, files, chores, runs, copies }: each file with file, state (repairable, repaired, changed, beyond, newer), flaws (message, line, column), diff, renamed_to; each chore with what, message',
    examples: [
      ['maintenance repair-jobs --dry-run', 'only says what it would do'],
      ['maintenance repair-jobs', 'asks, then repairs'],
      ['maintenance repair-jobs --yes', 'without asking, as scripts must'],
    ],
  })
    .option('--dry-run', 'change nothing')
    .option('--yes', 'do not ask');
  return onCommand<[], Options>(command, async (context, _, { dryRun = false, yes = false }) => {
    const [
      plan,
      files,
      { readHistory },
      { resolveHome },
      { findHomeFixes },
      { collectHome },
      { requireHome },
    ] = await Promise.all([
      import('../../../core/diagnostics/repair/plan-files.ts'),
      import('../../../core/diagnostics/repair/apply-repairs.ts'),
      import('../../../core/diagnostics/repair/run-history.ts'),
      import('../../../core/fs/paths.ts'),
      import('../../../core/diagnostics/repair/home-fixes.ts'),
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
    const history = await readHistory(paths.database);
    const plans = plan.planRepairs(paths, history.jobs);
    const chores = findHomeFixes(paths);
    const repairable = plans.filter(({ state }) => state === 'repairable');
    const todo = repairable.length + chores.length + history.deadRuns;
    const { formatRepairPlan, formatRepairResult } = await import('../../render/format-repair.ts');
    const isTable = context.globals.format === 'table';
    if (isTable) context.out.write(formatRepairPlan(plans, chores, history.deadRuns, context.out));
    const apply = !dryRun && (await confirmRepair(context, todo, yes));
    const backup = apply && repairable.length > 0 ? files.backupFolder(paths, Date.now()) : null;
    let states = new Map<string, string>();
    let settled: SettledRuns = { runs: [], copies: [] };
    if (apply) {
      const { applyHomeFixes } = await import('../../../core/diagnostics/repair/home-fixes.ts');
      applyHomeFixes(paths);
      if (backup !== null) {
        const done = await files.applyRepairs(paths, repairable, backup);
        states = new Map(done.map(({ name, outcome }) => [name, outcome]));
      }
      settled = await settle(context);
    }
    const report = plans.map((one) => toFileReport(one, states.get(one.name) ?? one.state));
    const invalid = report.filter(({ state }) => state !== 'repaired' && state !== 'newer').length;
    const answer = { ok: invalid === 0, applied: apply, backup, files: report, chores, ...settled };
    await context.print(answer, () => formatRepairResult(answer, { todo, dryRun }, context.out));
    return invalid === 0 ? EXIT.done : (context.interrupt.code ?? EXIT.failed);
  });
}

interface SettledRuns {
  runs: string[];
  copies: string[];
}

/** Job files are repaired also beside a database that cannot be used. */
async function settle(context: CommandContext): Promise<SettledRuns> {
  const { repairRunState } = await import('../../../core/diagnostics/repair/repair-run-state.ts');
  try {
    return await repairRunState(await context.workspace());
  } catch (error) {
    if (!(error instanceof QuickscrapeError)) throw error;
    context.printMessage(`warning: runs were not looked after: ${error.message}`);
    return { runs: [], copies: [] };
  }
}

/** Nothing to change needs no question: runs and copies are looked after in any case. */
async function confirmRepair(context: CommandContext, todo: number, yes: boolean): Promise<boolean> {
  if (yes || todo === 0) return true;
  if (!canPrompt(context)) return false;
  return confirm(context, 'Make these changes?');
}

function toFileReport({ name, flaws, diff, newName }: FilePlan, state: string) {
  return { file: name, state, flaws, diff, ...(newName !== undefined && { renamed_to: newName }) };
}
