import type { ConfigStore } from '../../configs/config-store.ts';
import type { QuickscrapeDatabase } from '../../database/database.ts';
import { QuickscrapeError } from '../../lib/errors.ts';
import type { JobEntry } from '../../model/job-record.ts';
import { type RunStatus, toRunStatus } from '../../model/run-record.ts';
import { isExecuted } from '../../runs/last-run.ts';
import { RecentRuns, type RunSummary, readRecentRuns, toRunSummary } from '../../runs/recent-runs.ts';
import type { RunStore } from '../../runs/run-store.ts';
import type { JobDisplayState } from '../job-display-state.ts';
import { FILTER_FIELDS, type Filter, type FilterField, type Term } from './filter-terms.ts';
import { toFilterableJob } from './filterable-job.ts';
import { matchRows } from './match-filter.ts';
import { parseFilter } from './parse-filter.ts';

/**
 * Parses a filter of jobs, as the dashboard's, without its tolerance.
 * @param field the input field, for errors
 * @throws QuickscrapeError `invalid_params` that names each problem, its place and what is allowed
 */
export function parseStrictFilter(text: string, field = 'filter'): Filter {
  const filter = parseFilter(text);
  const [first, ...more] = filter.problems;
  if (first === undefined) return filter;
  const issues = filter.problems.map(({ from, to, text: problem }) => ({
    path: field,
    message: `${field}: at character ${from + 1}, ${JSON.stringify(text.slice(from, to))}: ${problem}`,
    column: from + 1,
  }));
  const also = more.length === 0 ? '' : ` (and ${more.length} more)`;
  throw new QuickscrapeError('invalid_params', `${issues[0]?.message}${also}`, {
    field,
    issues,
    hint: `Terms, all of which must match: a word, or ${FILTER_FIELDS.map(({ example }) => example).join(', ')}; ! before a term means not; "…" keeps spaces together.`,
  });
}

/** What the facts of a job are read from. */
interface FilterSources {
  db: QuickscrapeDatabase;
  runs: RunStore;
  configs: ConfigStore;
}

/** Among these newest runs, the last executed one is searched, as in the dashboard. */
const RECENT_RUNS = 20;
const NO_RUNS = new RecentRuns('');
const FIELDS_OF_RUNS: readonly FilterField[] = ['last', 'took', 'items', 'change'];

/**
 * The jobs that pass a filter, in their order. Configurations and runs are read only for terms about them, and only
 * for the jobs that pass all other terms.
 * @param now epoch milliseconds
 */
export function selectJobs(
  sources: FilterSources,
  entries: readonly JobEntry[],
  { terms }: Filter,
  now: number,
): JobEntry[] {
  const ofRuns = terms.filter(needsRuns);
  const ofHosts = terms.filter((term) => !ofRuns.includes(term) && fieldOf(term) === 'host');
  const others = terms.filter((term) => !ofRuns.includes(term) && !ofHosts.includes(term));
  const plain = { recent: NO_RUNS, active: [], hosts: null };
  let left = [...entries];
  if (others.length > 0) left = pick(left, (entry) => toFilterableJob({ entry, ...plain }), others, now);
  if (ofHosts.length > 0) {
    const hostsOf = createHostReader(sources.configs);
    left = pick(left, (entry) => toFilterableJob({ entry, ...plain, hosts: hostsOf(entry) }), ofHosts, now);
  }
  if (ofRuns.length === 0 || left.length === 0) return left;
  const read = readRuns(sources, left);
  return pick(left, (entry) => toFilterableJob({ entry, ...read(entry), hosts: null }), ofRuns, now);
}

/**
 * Reads the hosts of the configurations of jobs, each configuration once: none when they are not known, `null` when the
 * configuration does not exist.
 */
export function createHostReader(configs: ConfigStore): (entry: JobEntry) => readonly string[] | null {
  const known = new Map<string, readonly string[] | null>();
  return (entry) => {
    if (entry.kind !== 'valid') return [];
    const { config_name } = entry.record.definition;
    const before = known.get(config_name);
    if (before !== undefined) return before;
    const hosts = configs.hostsOf(config_name);
    known.set(config_name, hosts);
    return hosts;
  };
}

function pick(
  entries: readonly JobEntry[],
  toRow: (entry: JobEntry) => ReturnType<typeof toFilterableJob>,
  terms: readonly Term[],
  now: number,
): JobEntry[] {
  const found = new Set(matchRows(entries.map(toRow), { terms }, now).map(({ id }) => id));
  return entries.filter(({ id }) => found.has(id));
}

function needsRuns(term: Term): boolean {
  const field = fieldOf(term);
  return term.kind === 'state' || (field !== undefined && FIELDS_OF_RUNS.includes(field));
}

function fieldOf(term: Term): FilterField | undefined {
  return 'field' in term ? term.field : undefined;
}

/**
 * Reads the states of jobs, in the word that filters and the dashboard have for them: what a job does now, and where it
 * does nothing, why. Its status is another thing: how its last run ended.
 */
export function createStateReader(
  sources: Pick<FilterSources, 'db' | 'runs'>,
  entries: readonly JobEntry[],
): (entry: JobEntry) => JobDisplayState {
  const read = readRuns(sources, entries);
  return (entry) => toFilterableJob({ entry, ...read(entry), hosts: null }).state;
}

/** For more jobs, all active runs are read. */
const FEW_JOBS = 200;

function readRuns({ db, runs }: Pick<FilterSources, 'db' | 'runs'>, entries: readonly JobEntry[]) {
  const ids = entries.map(({ id }) => id);
  const recents = readRecentRuns(db, RECENT_RUNS, ids);
  const active = new Map<string, RunStatus[]>();
  for (const { jobId, status } of ids.length > FEW_JOBS ? runs.active() : runs.activeForJobs(ids))
    active.set(jobId, [...(active.get(jobId) ?? []), toRunStatus(status)]);
  return (entry: JobEntry) => {
    const recent = recents.get(entry.id) ?? NO_RUNS;
    return { recent, active: active.get(entry.id) ?? [], earlier: findEarlier(runs, entry, recent) };
  };
}

/** If the recent runs were all skipped, the last executed run before them. */
function findEarlier(runs: RunStore, entry: JobEntry, recent: RecentRuns): RunSummary | undefined {
  const lastRunId = entry.kind === 'valid' ? entry.state.lastRunId : null;
  if (lastRunId === null) return undefined;
  for (const run of recent) if (isExecuted(run)) return undefined;
  const run = runs.get(lastRunId);
  return run && isExecuted(toRunSummary(run)) ? toRunSummary(run) : undefined;
}
