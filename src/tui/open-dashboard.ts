import { QuickscrapeError } from '../core/lib/errors.ts';
import { programCommand } from '../core/lib/installation.ts';
import type { DashboardOptions } from './show-dashboard.tsx';

/**
 * Opens the dashboard on this process's terminal until the user leaves it, then restores the terminal. Resolves with
 * the exit code.
 * @throws QuickscrapeError `invalid_params` without a terminal, and the errors of opening the home
 */
export async function openDashboard(options: DashboardOptions): Promise<number> {
  requireTerminal();
  const { showDashboard } = await loadPainted();
  return showDashboard(options);
}

/** Why this process cannot show the dashboard; `undefined` where it can. */
export function whyNoDashboard(): string | undefined {
  const isMissing = !process.stdin.isTTY || !process.stdout.isTTY;
  if (!isMissing && process.env['TERM'] !== 'dumb') return undefined;
  const what = isMissing
    ? 'standard input and output are not both a terminal'
    : 'TERM=dumb can show no screen';
  return `the dashboard needs a terminal: ${what}`;
}

function requireTerminal(): void {
  const why = whyNoDashboard();
  if (why === undefined) return;
  throw new QuickscrapeError('invalid_params', why, {
    hint: `Use ${programCommand()} job list, ${programCommand()} job history ID, ${programCommand()} job logs ID --follow, all with --json too.`,
  });
}

/**
 * Loads the code that draws. The colour library of Ink decides at load time whether there are any styles. With CI or
 * NO_COLOR in the environment it would drop bold and inverse too, but the theme should decide about colours.
 */
async function loadPainted(): Promise<typeof import('./show-dashboard.tsx')> {
  const { FORCE_COLOR, NO_COLOR } = process.env as Record<string, string | undefined>;
  // 256 colours: the theme uses the fixed ones only where the terminal has them.
  process.env['FORCE_COLOR'] = '2';
  // Node warns of both together.
  delete process.env['NO_COLOR'];
  try {
    return await import('./show-dashboard.tsx');
  } finally {
    // Child processes must get the user's own setting.
    if (FORCE_COLOR === undefined) delete process.env['FORCE_COLOR'];
    else process.env['FORCE_COLOR'] = FORCE_COLOR;
    if (NO_COLOR !== undefined) process.env['NO_COLOR'] = NO_COLOR;
  }
}
