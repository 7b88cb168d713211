import * as z from 'zod';
import type { CompareRequest, CompareResponse } from '../configs/scraper-protocol.ts';
import { DAY_MS } from '../lib/clock.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import { checkOutput, SELECTOR_PARTS } from '../model/check.ts';
import { isActive, RUN_STATUSES, type RunRecord } from '../model/run-record.ts';
import { findConfigEdit } from '../quality/config-edit.ts';
import { diagnoseRun } from '../quality/diagnose-run.ts';
import { toChangeMap } from '../quality/next-steps.ts';
import { CAUSES, NOT_BY_SELECTORS, type RunFact, type RunFacts } from '../quality/run-facts.ts';
import { loadBaseline } from '../quality/selector-history.ts';
import { findGoodPages, listSavedPages, type SavedPage } from '../runs/saved-pages.ts';
import { listFindings } from '../runs/selector-findings.ts';
import { formatInstant } from '../schedule/engine/instant.ts';
import type { Workspace } from '../workspace.ts';
import { concealOptions } from './concealment.ts';
import { defineOperation, type OperationContext, READ_ONLY } from './define-operation.ts';
import { findRun } from './find-or-throw.ts';
import { nearestOutput, runIdInput } from './operation-fields.ts';
import { toRunOutput } from './run-output.ts';

/** Runs that are examined for the beginning of a streak. */
const MAX_STREAK_RUNS = 200;
/** Runs that succeeded, among which the last good one is looked for. */
const MAX_SUCCEEDED_RUNS = 20;
const MAX_NEIGHBOURS = 50;
/** The comparison of pages takes less than a second, unless a page is hostile. */
const COMPARE_TIMEOUT_MS = 20_000;

const pageOutput = () =>
  z.object({ url: z.string(), title: z.string(), bytes: z.int(), language: z.string().optional() });

export const explainRun = defineOperation({
  name: 'explain_run',
  title: 'Explain a run',
  description:
    'Why a run failed, since when, what changed on its page since the last good run, and what to do: changes to pass ' +
    'on, the call to make next. First call for a failing job.',
  input: () => z.strictObject({ run_id: runIdInput() }),
  output: () =>
    z.object({
      run_id: z.string(),
      job_id: z.string(),
      config_name: z.string(),
      status: z.enum(RUN_STATUSES),
      cause: z.enum(CAUSES).describe('Why it ended as it did'),
      explanation: z.array(z.string()).describe('What happened, since when, what it means'),
      since: z
        .object({
          first_bad_run: z.string(),
          first_bad_at: z.string(),
          bad_in_a_row: z.int(),
          last_good_run: z.string().nullable(),
          last_good_at: z.string().nullable(),
        })
        .nullable()
        .describe('The bad runs since the last good one'),
      checks: z
        .array(
          checkOutput().pick({
            check: true,
            field: true,
            rule: true,
            found: true,
            expected: true,
            usual: true,
          }),
        )
        .describe('Checks that failed'),
      page: z
        .object({
          compared_with: z.string().nullable().describe('The good run that kept the earlier page'),
          now: pageOutput(),
          before: pageOutput().nullable(),
          signs: z
            .array(z.string())
            .describe('New ones: sign_in, captcha, blocked, consent, error_page, empty, empty_list'),
          gone: z.array(z.string()).describe('Classes, ids and tags of the earlier rows that are gone'),
          fresh: z.array(z.string()).describe('Those that are new, with counts'),
        })
        .nullable()
        .describe('The kept page, compared with that of the last good run'),
      selectors: z
        .array(
          z.object({
            part: z.enum(SELECTOR_PARTS),
            field: z.string(),
            selector: z.string(),
            before: z.number().nullable().describe('Matches on the earlier page; usual ones without a page'),
            now: z.number(),
            nearest: nearestOutput().optional(),
          }),
        )
        .describe('Selectors that match less than before'),
      changes: z
        .record(z.string(), z.unknown())
        .describe(
          'Selectors that hold the earlier values now, tried on the kept page: new values by key, as test_config and save_config take them',
        ),
      matched: z.record(z.string(), z.int()).describe('What each of them matches on the kept page'),
      still_empty: z.array(z.string()).optional().describe('Fields that stay empty with these changes'),
      after: z
        .object({ rows: z.int(), sample: z.record(z.string(), z.unknown()) })
        .nullable()
        .describe('Rows of the kept page with these changes, and the first of them'),
      next: z
        .array(
          z.object({ operation: z.string(), params: z.record(z.string(), z.unknown()), why: z.string() }),
        )
        .describe('Calls to make, in order'),
    }),
  annotations: READ_ONLY,
  errors: ['run_not_found'],
  async handler(workspace, { run_id }, context) {
    const run = findRun(workspace, run_id);
    const { facts, diagnosis, compared, goodRun, stopped } = await examineRun(workspace, run, context);
    const first = facts.bad.runs.at(-1);
    const at = (one: { queuedAt: number }) => formatInstant(one.queuedAt, run.timezone);
    return {
      run_id: run.runId,
      job_id: run.jobId,
      config_name: run.configName,
      status: toRunOutput(workspace, run).status,
      cause: diagnosis.cause,
      explanation: diagnosis.explanation,
      since: first
        ? {
            first_bad_run: first.runId,
            first_bad_at: at(first),
            bad_in_a_row: facts.bad.runs.length,
            last_good_run: facts.lastGood?.runId ?? null,
            last_good_at: facts.lastGood && at(facts.lastGood),
          }
        : null,
      checks: run.checks
        .filter(({ passed }) => !passed)
        .map(({ check, field, rule, found, expected, usual }) => ({
          check,
          field,
          ...(rule !== undefined && { rule }),
          found,
          expected,
          usual,
        })),
      page:
        compared?.now != null
          ? {
              compared_with: compared.before === null ? null : goodRun,
              now: compared.now,
              before: compared.before,
              signs: compared.signs.filter((sign) => !compared.signs_before.includes(sign)),
              gone: compared.gone.slice(0, namesShown(compared)),
              fresh: compared.fresh.slice(0, namesShown(compared)),
            }
          : null,
      selectors:
        compared !== undefined && compared.changed.length > 0
          ? listChanged(compared, NOT_BY_SELECTORS.has(diagnosis.cause))
          : run.error?.kind === 'http'
            ? []
            : listStopped(stopped, compared?.missing ?? []),
      changes: toChangeMap(compared?.changes ?? []),
      matched: Object.fromEntries((compared?.changes ?? []).map(({ path, matched }) => [path, matched])),
      ...(compared && compared.still_empty.length > 0 && { still_empty: compared.still_empty }),
      after: compared?.after ?? null,
      next: diagnosis.next,
    };
  },
});

/** What is asked beside the comparison of pages, given the last good run. */
type Asked = (lastGood: RunFact | null) => Promise<Pick<CompareRequest, 'repair' | 'earlier_rows'>>;

/** Finds out why a run ended as it did: from its record, its neighbours and the pages that were kept. */
export async function examineRun(
  workspace: Workspace,
  run: RunRecord,
  context: OperationContext,
  asked: Asked = async () => ({}),
) {
  const history = readHistory(workspace, run);
  const { selectors: found, misses } = listFindings(workspace.paths, run.jobId, run.runId);
  const stopped = found.filter((one) => one.stopped);
  // Without a baseline it is not known whether a selector should match.
  const unproven = found
    .filter(({ part, matched, usual }) => matched === 0 && usual === null && part !== 'pagination')
    .map(({ field }) => field);
  const more = await asked(history.lastGood);
  const page = await comparePages(workspace, history, unproven.length > 0, context, more);
  const facts = collectFacts(workspace, history, {
    page: page.compared,
    pageNumber: page.number,
    contentType: page.contentType,
    stopped: stopped.map(({ field }) => field),
    unproven,
    misses,
  });
  const compared = typeof page.compared === 'string' ? undefined : page.compared;
  return { facts, diagnosis: diagnoseRun(facts), compared, goodRun: page.goodRun, stopped };
}

/** Names of the page's elements matter less where selectors were found that hold the old values. */
function namesShown({ changes }: CompareResponse): number {
  return changes.length === 0 ? 6 : 2;
}

/**
 * The selectors that match less. What is near to one matters only on the right page, and if no other selector was found
 * for it.
 */
function listChanged(
  { changed, changes }: CompareResponse,
  isOtherPage: boolean,
): CompareResponse['changed'] {
  const isRepaired = (selector: string) => isOtherPage || changes.some(({ from }) => from === selector);
  return changed.map(({ nearest, ...one }) =>
    nearest === undefined || isRepaired(one.selector) ? one : { ...one, nearest },
  );
}

/** The selectors that matched less than in earlier runs, then those that match nothing on the kept page. */
function listStopped(
  stopped: ReturnType<typeof listFindings>['selectors'],
  missing: CompareResponse['missing'],
): (Omit<CompareResponse['changed'][number], 'before'> & { before: number | null })[] {
  const isSame = (one: { part: string; field: string }, other: { part: string; field: string }) =>
    one.part === other.part && one.field === other.field;
  return [
    ...stopped.map((one) => {
      const { part, field, selector, matched, usual } = one;
      const nearest = missing.find((other) => isSame(one, other))?.nearest;
      return { part, field, selector, before: usual, now: matched, ...(nearest && { nearest }) };
    }),
    ...missing
      .filter((one) => !stopped.some((other) => isSame(one, other)))
      .map((one) => ({ ...one, before: null, now: 0 })),
  ];
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
  page: Pick<RunFacts, 'page' | 'pageNumber' | 'contentType' | 'stopped' | 'unproven' | 'misses'>,
): RunFacts {
  const { runs, configs } = workspace;
  return {
    run,
    ...history,
    ...page,
    waitsFor: toRunOutput(workspace, run).waits_for,
    revision: readRevision(configs, run.configName),
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

/** `null` for a configuration that does not exist, or cannot be read. */
function readRevision(configs: Workspace['configs'], name: string): string | null {
  try {
    return configs.read(name).revision;
  } catch (error) {
    if (error instanceof QuickscrapeError) return null;
    throw error;
  }
}

/** Compares the run's page with that of the good run before it, or says why it cannot. */
async function comparePages(
  workspace: Workspace,
  { run, good, edit }: History,
  isUnproven: boolean,
  context: OperationContext,
  more: Pick<CompareRequest, 'repair' | 'earlier_rows'>,
): Promise<{
  compared: CompareResponse | string;
  goodRun: string | null;
  number: number;
  contentType: string | null;
}> {
  const { paths, configs } = workspace;
  const now = listSavedPages(paths, run.jobId, run.runId);
  const isItself = good?.runId === run.runId;
  const before = isItself ? [] : (good?.pages ?? []);
  const goodRun = isItself ? null : (good?.runId ?? null);
  const contentType = now[0]?.contentType ?? null;
  const isOfInterest = !isItself || isUnproven || more.repair === true;
  if (isActive(run.status) || now.length === 0 || !isOfInterest)
    return { compared: 'Its page was not kept, so no page is compared.', goodRun, number: 1, contentType };
  try {
    const { yaml } = configs.read(run.configName);
    const { compareKeptPages } = await import('../configs/scraper-client.ts');
    const shown = { configName: run.configName, yaml, runId: run.runId, savedPages: [...now, ...before] };
    const compared = await compareKeptPages(
      {
        yaml,
        name: `${run.configName}.yaml`,
        home: paths.home,
        now: now.map(toKeptPage),
        before: before.map(toKeptPage),
        earlier: (edit?.selectors ?? []).map(({ part, field, from }) => ({ part, field, selector: from })),
        ...concealOptions(workspace, context, shown),
        ...more,
      },
      { signal: context.signal, limitMs: COMPARE_TIMEOUT_MS },
    );
    const { shows, level: shownLevel = 1 } = compared;
    const number = 1 + now.findIndex(({ role, level = 1 }) => role === shows && level === shownLevel);
    return { compared, goodRun, number: Math.max(1, number), contentType };
  } catch (error) {
    if (!(error instanceof QuickscrapeError)) throw error;
    return { compared: `Its page was not compared: ${error.message}.`, goodRun, number: 1, contentType };
  }
}

function toKeptPage({ file, url, contentType, fetchedAt, role, level }: SavedPage) {
  return { file, url, content_type: contentType, fetched_at: fetchedAt, role, level };
}
