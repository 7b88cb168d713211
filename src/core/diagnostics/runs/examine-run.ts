import { paramsInConfig } from '../../configs/config-values.ts';
import type { CompareRequest, CompareResponse } from '../../configs/scraper-protocol.ts';
import { DAY_MS } from '../../lib/clock.ts';
import { QuickscrapeError } from '../../lib/errors.ts';
import { late } from '../../lib/late-modules.ts';
import { isActive, type RunRecord } from '../../model/run-record.ts';
import { listBrokenSelectors } from '../../quality/broken-selectors.ts';
import { findConfigEdit, listReplaced } from '../../quality/config-edit.ts';
import { diagnoseRun } from '../../quality/diagnose-run.ts';
import type { RunFact, RunFacts } from '../../quality/run-facts.ts';
import { loadBaseline } from '../../quality/selector-history.ts';
import { readItems, runFiles } from '../../runs/run-files.ts';
import { findGoodPages, listSavedPages, type SavedPage } from '../../runs/saved-pages.ts';
import { listFindings } from '../../runs/selector-findings.ts';
import type { Workspace } from '../../workspace.ts';

const loadScraperClient = late(() => import('../../configs/scraper-client.ts'));

/** Runs that are examined for the beginning of a streak. */
const MAX_STREAK_RUNS = 200;
/** Runs that succeeded, among which the last good one is looked for. */
const MAX_SUCCEEDED_RUNS = 20;
const MAX_NEIGHBOURS = 50;
/** The comparison of pages takes less than a second, unless a page is hostile. */
const COMPARE_TIMEOUT_MS = 20_000;
/** A site may be slow. */
const LIVE_TIMEOUT_MS = 50_000;
/** Rows of the last good run that are compared with the page. */
const EARLIER_ROWS = 100;
const EARLIER_BYTES = 4 * 1024 * 1024;

export interface ExamineOptions {
  signal?: AbortSignal | undefined;
  /** Fetches the live page, as a run does, and examines it in place of the page that the run kept. */
  live?: boolean;
  /** The text of the configuration, in place of the stored one. */
  yaml?: string | undefined;
  /** Examines the page of a good run, too. */
  repair?: boolean;
  /** What keeps an unfinished run from starting. */
  waitsFor?: string | null;
  /** Which values the caller must not see, given the text and the pages that are read. */
  conceal?(yaml: string, pages: readonly SavedPage[]): Pick<CompareRequest, 'conceal'>;
}

/**
 * Finds out why a run ended as it did: from its record, its neighbours and the pages that were kept. For a bad run,
 * selectors are proposed for the broken ones. Fetches nothing, unless the live page is asked for.
 * @throws QuickscrapeError as `compareKeptPages`, for a live page alone
 */
export async function examineRun(workspace: Workspace, run: RunRecord, options: ExamineOptions = {}) {
  const history = readHistory(workspace, run);
  const { selectors: found, misses } = listFindings(workspace.paths, run.jobId, run.runId);
  const stopped = found.filter((one) => one.stopped);
  // Without a baseline it is not known whether a selector should match.
  const unproven = found
    .filter(({ part, matched, usual }) => matched === 0 && usual === null && part !== 'pagination')
    .map(({ field }) => field);
  const text = options.yaml ?? readConfig(workspace.configs, run.configName)?.yaml;
  const page = await comparePages(workspace, history, unproven.length > 0, options);
  const compared = typeof page.compared === 'string' ? undefined : page.compared;
  const broken = listBrokenSelectors(found, run.items, compared, options.live);
  const facts = collectFacts(workspace, history, {
    page: page.compared,
    pageNumber: page.number,
    contentType: page.contentType,
    waitsFor: options.waitsFor ?? null,
    stopped: stopped.map(({ field }) => field),
    unproven,
    replaced: text === undefined ? [] : listReplaced(text, found),
    misses,
    broken,
  });
  return { facts, diagnosis: diagnoseRun(facts), compared, broken, goodRun: page.goodRun, stopped };
}

/** A run with the good ones around it, and how its configuration was edited. */
interface History extends Pick<RunFacts, 'run' | 'lastGood' | 'laterGood' | 'bad' | 'edit'> {
  /** The pages of the good run before it. */
  good: ReturnType<typeof findGoodPages>;
}

/** A run that has lost a column is not good, though it succeeded. */
function readHistory(workspace: Workspace, run: RunRecord): History {
  const { runs, paths } = workspace;
  const all = runs.newestForJob(run.jobId, MAX_STREAK_RUNS);
  const position = all.findIndex(({ runId }) => runId === run.runId);
  const isGood = (one: RunFact) =>
    one.status === 'succeeded' &&
    !listFindings(paths, one.jobId, one.runId).selectors.some(({ stopped }) => stopped);
  const counts = (one: RunRecord) =>
    !isActive(one.status) && !['skipped', 'missed', 'cancelled'].includes(one.status);
  const lastGood = runs.succeededBefore(run, { limit: MAX_SUCCEEDED_RUNS }).find(isGood) ?? null;
  const older = position < 0 ? [run] : all.slice(position);
  const end = older.findIndex((one, index) => index > 0 && isGood(one));
  const bad = older.slice(0, end < 0 ? older.length : end).filter((one) => counts(one) && !isGood(one));
  const kept = findGoodPages(paths, run.jobId);
  const keptBy = kept && runs.get(kept.runId);
  const isLater = kept !== undefined && (keptBy?.queuedAt ?? kept.pages[0]?.fetchedAt ?? 0) > run.queuedAt;
  const laterGood =
    (position <= 0 ? undefined : all.slice(0, position).findLast(isGood)) ?? (isLater ? keptBy : undefined);
  return {
    run,
    lastGood,
    laterGood: laterGood ?? null,
    bad: { runs: bad, isCut: end < 0 && lastGood !== null },
    edit: findConfigEdit(workspace, lastGood, run),
    good: isLater || laterGood !== undefined ? undefined : kept,
  };
}

function collectFacts(
  workspace: Workspace,
  { run, good: _, ...history }: History,
  page: Omit<RunFacts, keyof Omit<History, 'good'> | 'revision' | 'usual' | 'neighbours'>,
): RunFacts {
  const { runs, configs } = workspace;
  return {
    run,
    ...history,
    ...page,
    revision: readConfig(configs, run.configName)?.revision ?? null,
    usual: loadBaseline(workspace, run).items,
    neighbours:
      run.host === null
        ? []
        : runs.newestOnHost(run.host, run.jobId, {
            since: run.queuedAt - DAY_MS,
            until: run.queuedAt + DAY_MS,
            limit: MAX_NEIGHBOURS,
          }),
  };
}

/** `undefined` for a configuration that does not exist, or cannot be read. */
function readConfig(configs: Workspace['configs'], name: string) {
  try {
    return configs.read(name);
  } catch (error) {
    if (error instanceof QuickscrapeError) return undefined;
    throw error;
  }
}

/** Compares the run's page with that of the good run before it, or says why it cannot. */
async function comparePages(
  workspace: Workspace,
  { run, good, edit, lastGood, bad }: History,
  isUnproven: boolean,
  { signal, live = false, repair = live, yaml: unsaved, conceal }: ExamineOptions,
): Promise<{
  compared: CompareResponse | string;
  goodRun: string | null;
  number: number;
  contentType: string | null;
}> {
  const { paths, configs } = workspace;
  const now = live ? [] : listSavedPages(paths, run.jobId, run.runId);
  const isItself = good?.runId === run.runId && !live;
  const before = isItself ? [] : (good?.pages ?? []);
  const goodRun = isItself ? null : (good?.runId ?? null);
  const contentType = now[0]?.contentType ?? null;
  const isPageThere = live || (!isActive(run.status) && now.length > 0);
  if (!isPageThere || (isItself && !isUnproven && !repair))
    return { compared: 'Its page was not kept, so no page is compared.', goodRun, number: 1, contentType };
  const isBad = bad.runs.some(({ runId }) => runId === run.runId);
  const withRows = isBad ? lastGood : run;
  try {
    const yaml = unsaved ?? configs.read(run.configName).yaml;
    const { compareKeptPages } = await loadScraperClient();
    const compared = await compareKeptPages(
      {
        yaml,
        name: `${run.configName}.yaml`,
        home: paths.home,
        now: now.map(toKeptPage),
        ...(live && { live: { params: declaredValues(yaml, run) } }),
        before: before.map(toKeptPage),
        earlier: (edit?.selectors ?? []).map(({ part, field, from }) => ({ part, field, selector: from })),
        repair: repair || isBad,
        earlier_rows:
          withRows === null
            ? []
            : await readItems(runFiles(paths, run.jobId, withRows.runId).items, EARLIER_ROWS, EARLIER_BYTES),
        ...conceal?.(yaml, [...now, ...before]),
      },
      { signal, limitMs: live ? LIVE_TIMEOUT_MS : COMPARE_TIMEOUT_MS },
    );
    const { shows, level: shownLevel = 1 } = compared;
    const number = 1 + now.findIndex(({ role, level = 1 }) => role === shows && level === shownLevel);
    return { compared, goodRun, number: Math.max(1, number), contentType };
  } catch (error) {
    if (!(error instanceof QuickscrapeError) || live) throw error;
    return { compared: `Its page was not compared: ${error.message}.`, goodRun, number: 1, contentType };
  }
}

/** The values that the run had, of the parameters that the configuration still has. */
function declaredValues(yaml: string, { params }: RunRecord): NonNullable<RunRecord['params']> {
  const declared = paramsInConfig(yaml) ?? {};
  return Object.fromEntries(Object.entries(params ?? {}).filter(([name]) => Object.hasOwn(declared, name)));
}

function toKeptPage({ file, url, contentType, fetchedAt, role, level }: SavedPage) {
  return { file, url, content_type: contentType, fetched_at: fetchedAt, role, level };
}
