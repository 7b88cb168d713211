import type { Check } from '../../core/run/check.ts';
import type { RunRecord } from '../../core/run/record.ts';
import { runFiles } from '../../core/run/run-files.ts';
import type { SelectorFindings } from '../../core/run/selector-findings.ts';
import { earlierFindings, usualMatches } from '../../core/run/selector-history.ts';
import { writeFileDurably } from '../../core/store/atomic-file.ts';
import type { Workspace } from '../../core/workspace.ts';
import { selectorsOf } from '../config/fields-of.ts';
import type { ScrapeConfig } from '../config/schema.ts';
import type { Tally } from '../tally.ts';
import { keepPage } from './keep-page.ts';
import { pageToKeep } from './page-to-keep.ts';
import { fitForLog, logLine } from './run-log.ts';

/** So many warnings are kept, of so many characters; the log has them all. */
const MOST_WARNINGS = 50;
const LONGEST_WARNING = 1_000;

/**
 * Writes down what an attempt's selectors found, and keeps a page of it when one of them found nothing, or a check has
 * failed. What cannot be written is a line in the log: the attempt's outcome is the same without it.
 * @returns the kept page's file
 */
export async function keepFindings(
  workspace: Workspace,
  run: RunRecord,
  config: Pick<ScrapeConfig, 'selectors' | 'follow'>,
  tally: Tally,
  checks: readonly Check[],
): Promise<string | undefined> {
  await unlessRefused('what the selectors matched', async () => {
    const findings = findingsOf(workspace, run, config, tally);
    logStopped(findings);
    const { selectors: file } = runFiles(workspace.paths, run.jobId, run.runId);
    // For people and agents: worth no wait for the disk.
    await writeFileDurably(file, `${JSON.stringify(findings, null, 2)}\n`, { sync: false });
  });
  const page = tally.pages === 0 ? undefined : pageToKeep(tally, checks);
  if (page === undefined) return undefined;
  const file = await unlessRefused('the page', () => keepPage(workspace.paths, run, page));
  const detail = page.role === 'detail' ? undefined : tally.firstDetail;
  if (detail) await unlessRefused('the detail page', () => keepPage(workspace.paths, run, detail, 2));
  return file;
}

/** @returns `undefined` when it could not be done, which the log says */
export async function unlessRefused<T>(what: string, keep: () => Promise<T>): Promise<T | undefined> {
  try {
    return await keep();
  } catch (error) {
    logLine('warn', `${what} could not be kept: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

/** What the selectors of an attempt matched, against what they usually do. */
export function findingsOf(
  workspace: Workspace,
  run: RunRecord,
  config: Pick<ScrapeConfig, 'selectors' | 'follow'>,
  tally: Tally,
): SelectorFindings {
  const { pages, items, matches, filled: filledRows } = tally;
  const named = selectorsOf(config);
  const names = named.map(({ name }) => name);
  const usually = usualMatches(names, pages, earlierFindings(workspace, run));
  const findings = named.map(({ name: field, selector }) => {
    const [matched = 0, filled = 0, usual = null] = [matches[field], filledRows[field], usually.get(field)];
    const stopped = matched === 0 && usual !== null && usual > 0;
    return [field, { selector: fitForLog(selector), matched, filled, usual, stopped }] as const;
  });
  const warnings = tally.warnings().slice(0, MOST_WARNINGS);
  return { pages, items, selectors: Object.fromEntries(findings), warnings: warnings.map(shownWarning) };
}

function shownWarning(text: string): string {
  const shown = fitForLog(text);
  return shown.length > LONGEST_WARNING ? `${shown.slice(0, LONGEST_WARNING - 1)}…` : shown;
}

function logStopped({ selectors }: SelectorFindings): void {
  for (const [field, { selector, usual, stopped }] of Object.entries(selectors))
    if (stopped) logLine('warn', `selector ${field} (${selector}) matched nothing; usually ${usual}`);
}
