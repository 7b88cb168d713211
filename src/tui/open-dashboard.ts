import { QuickscrapeError } from '../core/lib/errors.ts';
import type { DashboardOptions } from './show-dashboard.tsx';

/**
 * Opens the dashboard on this process's terminal and keeps it open until the user leaves it.
 * Resolves with the exit code; the terminal is as it was.
 * @throws QuickscrapeError `invalid_params` when there is no terminal, and what opening the home throws
 */
export async function openDashboard(options: DashboardOptions): Promise<number> {
  requireTerminal();
  const { showDashboard } = await loadPainted();
  return showDashboard(options);
}

function requireTerminal(): void {
  const missing = !process.stdin.isTTY || !process.stdout.isTTY;
  if (!missing && process.env['TERM'] !== 'dumb') return;
  const what = missing ? 'standard input and output are not both a terminal' : 'TERM=dumb can show no screen';
  throw new QuickscrapeError('invalid_params', `the dashboard needs a terminal: ${what}`, {
    hint: 'Use quickscrape job list, quickscrape job history ID, quickscrape job logs ID --follow, all with --json too.',
  });
}

/**
 * Loads what draws. The library behind Ink's colours decides while it is loaded whether there are any styles at all;
 * with CI or NO_COLOR in the environment it would drop bold and inverse, too. What colours there are is our theme's say.
 */
async function loadPainted(): Promise<typeof import('./show-dashboard.tsx')> {
  const { FORCE_COLOR } = process.env as Record<string, string | undefined>;
  process.env['FORCE_COLOR'] = '1';
  try {
    return await import('./show-dashboard.tsx');
  } finally {
    // Children of ours are to see what the user has set.
    if (FORCE_COLOR === undefined) delete process.env['FORCE_COLOR'];
    else process.env['FORCE_COLOR'] = FORCE_COLOR;
  }
}
