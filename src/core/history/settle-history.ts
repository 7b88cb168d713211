import type { ConfigStore } from '../configs/config-store.ts';
import { historyInConfig } from '../configs/config-values.ts';
import { BUSY_WAIT_MS } from '../database/connection.ts';
import type { QuickscrapeDatabase } from '../database/database.ts';
import type { HomePaths } from '../fs/paths.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import type { HistoryRules } from '../model/history-rules.ts';
import { type OpenItems, openRunItems } from '../runs/item-file.ts';
import { createRowConcealer } from '../runs/row-concealer.ts';
import { HistoryFile, identityOf } from './history-file.ts';
import { trimHistory } from './trim-history.ts';
import { HistoryWriter, type WrittenHistory } from './write-history.ts';

/** How many rows of earlier runs are read at most when a history begins: those of the newest runs. */
const MAX_FIRST_ITEMS = 1_000_000;

export interface HistoryContext {
  paths: HomePaths;
  db: QuickscrapeDatabase;
  configs: Pick<ConfigStore, 'read'>;
}

/** A run whose values were written, or why they were not. */
export interface SettledRun {
  runId: string;
  written: WrittenHistory | null;
  reason: string | null;
}

interface EndedRun {
  runId: string;
  configName: string;
  startedAt: number | null;
  queuedAt: number;
  at: number;
  items: number;
}

interface SettledJob {
  jobId: string;
  configName: string;
  /** Of the configuration, if they were read already. */
  rules?: HistoryRules | undefined;
}

/**
 * Writes the values of all runs of a job that have succeeded and are not in its history yet, in the order of their
 * outcomes, each in one transaction. The next caller does what a process that died has left: it is called after
 * each run, before runs are removed, and before the history is read. Does nothing without `history` in the configuration.
 * @param waitMs how long to wait for another process that writes
 * @returns the runs, oldest first
 * @throws QuickscrapeError `store_unavailable` for a damaged file, a full disk, or a file that another process holds
 */
export async function settleHistory(
  context: HistoryContext,
  { jobId, configName, rules = readHistoryRules(context.configs, configName) }: SettledJob,
  waitMs = BUSY_WAIT_MS,
): Promise<SettledRun[]> {
  if (rules === undefined) return [];
  const ended = listSucceeded(context.db, jobId);
  if (ended.length === 0) return [];
  const file = HistoryFile.open(context.paths, jobId, waitMs);
  if (file === undefined) return [];
  try {
    if (file.isReadOnly || findMissing(file, rules, ended).length === 0) return [];
    const settled: SettledRun[] = [];
    for (;;) {
      // Another process may have written some meanwhile.
      const next = await file.write(() =>
        writeNext(context, { file, rules, jobId }, findMissing(file, rules, ended)),
      );
      if (next === undefined) return settled;
      settled.push(next);
    }
  } finally {
    file.close();
  }
}

/** What a configuration says of the history of rows; `undefined` if it has none, or cannot be read. */
export function readHistoryRules(
  configs: Pick<ConfigStore, 'read'>,
  configName: string,
): HistoryRules | undefined {
  try {
    return historyInConfig(configs.read(configName).yaml);
  } catch (error) {
    if (error instanceof QuickscrapeError) return undefined;
    throw error;
  }
}

function listSucceeded(db: QuickscrapeDatabase, jobId: string): EndedRun[] {
  return db.all<EndedRun>(
    `SELECT run_id AS runId, config_name AS configName, started_at AS startedAt, queued_at AS queuedAt,
       coalesce(finished_at, queued_at) AS at, items FROM runs
     WHERE job_id = ? AND status = 'succeeded' ORDER BY at, run_id`,
    [jobId],
  );
}

/** Returns the runs that are not in the history. */
function findMissing(file: HistoryFile, rules: HistoryRules, ended: readonly EndedRun[]): EndedRun[] {
  if (file.isEmpty()) return [...ended];
  const known = file.query<{ run_id: string }>(
    `SELECT run_id FROM runs JOIN identities ON identities.id = identity
     WHERE rules = ? AND run_id IN (SELECT value FROM json_each(?))`,
    [identityOf(rules), JSON.stringify(ended.map(({ runId }) => runId))],
  );
  const ids = new Set(known.map(({ run_id }) => run_id));
  return ended.filter(({ runId }) => !ids.has(runId));
}

/** Writes the oldest of the missing runs. */
async function writeNext(
  context: HistoryContext,
  { file, rules, jobId }: { file: HistoryFile; rules: HistoryRules; jobId: string },
  missing: readonly EndedRun[],
): Promise<SettledRun | undefined> {
  if (missing.length === 0) return undefined;
  const { id, isNew } = file.identify(rules);
  const first = isNew ? leaveOutOldest(missing) : 0;
  for (const run of missing.slice(0, first)) noteRun(file, id, run);
  const run = missing[first];
  if (run === undefined) return undefined;
  const { conceal, lost } = createRowConcealer(context, [{ ...run, jobId }]);
  const unknown = lost.flatMap(({ names }) => names);
  if (unknown.length > 0) {
    noteRun(file, id, run);
    const reason = `it filled in ${unknown.join(', ')}, whose value is not known here and could be in its rows`;
    return { runId: run.runId, written: null, reason };
  }
  const items = await openItems(context.paths, { ...run, jobId });
  if (items === undefined) {
    noteRun(file, id, run);
    return { runId: run.runId, written: null, reason: 'its items are gone' };
  }
  try {
    const writer = file.wrap(() => new HistoryWriter(file.connection, rules, id));
    const written = await writer.add(run, items.items(), conceal);
    trimHistory(file);
    return { runId: run.runId, written, reason: null };
  } finally {
    await items.close();
  }
}

/** Returns how many of the oldest runs have to be left out so that a history begins with a limited number of rows. */
function leaveOutOldest(runs: readonly EndedRun[]): number {
  let [first, items] = [runs.length - 1, runs.at(-1)?.items ?? 0];
  while (first > 0 && items + (runs[first - 1]?.items ?? 0) <= MAX_FIRST_ITEMS)
    items += runs[--first]?.items ?? 0;
  return first;
}

/** Notes a run without values, so that it is not looked for again. */
function noteRun(file: HistoryFile, identity: number, { runId, at }: EndedRun): void {
  file.query('INSERT INTO runs (identity, run_id, at, number) VALUES (?, ?, ?, 0) RETURNING id', [
    identity,
    runId,
    at,
  ]);
}

async function openItems(
  paths: HomePaths,
  run: EndedRun & { jobId: string },
): Promise<OpenItems | undefined> {
  try {
    return await openRunItems(paths, run);
  } catch (error) {
    if (error instanceof QuickscrapeError && error.code === 'conflict') return undefined;
    throw error;
  }
}
