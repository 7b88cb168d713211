import type { RunRecord } from '../../core/run/record.ts';
import { runFiles } from '../../core/run/run-files.ts';
import type { SelectorCounts } from '../../core/run/selector-counts.ts';
import { type SelectorFinding, selectorHistory } from '../../core/run/selector-history.ts';
import { writeFileDurably } from '../../core/store/atomic-file.ts';
import type { Workspace } from '../../core/workspace.ts';
import type { ScrapeConfig } from '../config/schema.ts';
import type { Tally } from '../tally.ts';
import { keepPage } from './keep-page.ts';
import { fitForLog, logLine } from './run-log.ts';

/**
 * Writes down what an attempt's selectors found, and keeps its first page when one of them found nothing. What cannot be
 * written is a line in the log: the attempt's outcome is the same without it.
 * @returns the kept page's file
 */
export async function keepFindings(
  workspace: Workspace,
  run: RunRecord,
  config: Pick<ScrapeConfig, 'selectors'>,
  tally: Tally,
): Promise<string | undefined> {
  await unlessRefused('what the selectors matched', async () => {
    const { selectors: file } = runFiles(workspace.paths, run.jobId, run.runId);
    // A copy for people and agents: worth no wait for the disk.
    await writeFileDurably(file, `${JSON.stringify(countsOf(config, tally), null, 2)}\n`, { sync: false });
    for (const finding of selectorHistory(workspace, run)) logStopped(finding);
  });
  if (tally.pages === 0 || tally.foundAll()) return undefined;
  return unlessRefused('the first page', () => keepPage(workspace.paths, run, tally));
}

async function unlessRefused<T>(what: string, keep: () => Promise<T>): Promise<T | undefined> {
  try {
    return await keep();
  } catch (error) {
    logLine('warn', `${what} could not be kept: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

function countsOf({ selectors }: Pick<ScrapeConfig, 'selectors'>, tally: Tally): SelectorCounts {
  const counts = Object.entries(selectors).map(([field, { selector }]) => {
    const [matched = 0, filled = 0] = [tally.matches[field], tally.filled[field]];
    return [field, { selector: fitForLog(selector), matched, filled }] as const;
  });
  return { pages: tally.pages, items: tally.items, selectors: Object.fromEntries(counts) };
}

function logStopped({ field, selector, usual, stopped }: SelectorFinding): void {
  if (stopped) logLine('warn', `selector ${field} (${selector}) matched nothing; usually ${usual}`);
}
