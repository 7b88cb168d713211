import { absentFromConfig } from '../configs/config-values.ts';
import type { HomePaths } from '../fs/paths.ts';
import { truncateList, truncateMiddle } from '../lib/text.ts';
import type { SelectorPart } from '../model/check.ts';
import type { RunRecord } from '../model/run-record.ts';
import { listFindings } from '../runs/selector-findings.ts';
import { formatInstant } from '../schedule/engine/instant.ts';
import { Trash } from '../trash/trash.ts';

/** How a configuration was edited between a good run and a later one. */
export interface ConfigEdit {
  /** The selectors that differ, as both runs recorded them. */
  selectors: { part: SelectorPart; field: string; from: string; to: string }[];
  /** When it was last edited before the later run, epoch milliseconds; `null` if unknown. */
  at: number | null;
  /** Who edited it then; `null` for an editor, or if unknown. */
  by: string | null;
}

const MAX_SELECTOR_BYTES = 100;
const MAX_SHOWN = 5;

/** Finds out whether a configuration was edited between two runs: by the selectors that they recorded, and by time. */
export function findConfigEdit(
  { paths, configs }: { paths: HomePaths; configs: { list(): { name: string; updatedAt: number }[] } },
  good: Pick<RunRecord, 'jobId' | 'runId' | 'queuedAt'> | null,
  run: RunRecord,
): ConfigEdit | null {
  if (good === null) return null;
  const read = ({ jobId, runId }: Pick<RunRecord, 'jobId' | 'runId'>) =>
    listFindings(paths, jobId, runId).selectors;
  const earlier = new Map(read(good).map(({ part, field, selector }) => [`${part} ${field}`, selector]));
  const selectors = read(run).flatMap(({ part, field, selector: to }) => {
    const from = earlier.get(`${part} ${field}`);
    return from === undefined || from === to ? [] : [{ part, field, from, to }];
  });
  // A run reads its configuration when it starts.
  const end = run.startedAt ?? run.queuedAt;
  const isBetween = (at: number) => at > good.queuedAt && at <= end;
  const kept = new Trash(paths.trash)
    .listConfigs()
    .find(({ id, deletedAt }) => id === run.configName && isBetween(deletedAt));
  const updatedAt = configs.list().find(({ name }) => name === run.configName)?.updatedAt ?? Number.NaN;
  const at = kept?.deletedAt ?? (isBetween(updatedAt) ? Math.round(updatedAt) : null);
  return selectors.length === 0 && at === null ? null : { selectors, at, by: kept?.by ?? null };
}

/**
 * Lists the fields whose selectors matched nothing in a run, and are not in the configuration any more. Pure.
 * @param found what the selectors of the run matched
 */
export function listReplaced(
  yaml: string,
  found: readonly { field: string; selector: string; matched: number; usual: number | null }[],
): string[] {
  const lost = found.filter(({ matched, usual }) => matched === 0 && usual !== 0);
  if (lost.length === 0) return [];
  const absent = new Set(
    absentFromConfig(
      yaml,
      lost.map(({ selector }) => selector),
    ),
  );
  return lost.filter(({ selector }) => absent.has(selector)).map(({ field }) => field);
}

/** The beginning of a sentence: `The configuration was changed (by mcp, at …): price .a → .b`. */
export function describeConfigEdit({ selectors, at, by }: ConfigEdit, timezone: string): string {
  const facts = [
    ...(by === null ? [] : [`by ${by}`]),
    ...(at === null ? [] : [`at ${formatInstant(at, timezone)}`]),
  ];
  const shown = selectors.map(({ field, from, to }) => {
    return `${field} ${truncateMiddle(from, MAX_SELECTOR_BYTES)} → ${truncateMiddle(to, MAX_SELECTOR_BYTES)}`;
  });
  const when = facts.length === 0 ? ' since the last good run' : ` (${facts.join(', ')})`;
  return `The configuration was changed${when}${shown.length === 0 ? '' : `: ${truncateList(shown, MAX_SHOWN)}`}`;
}
