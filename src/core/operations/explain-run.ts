import * as z from 'zod';
import type { CompareResponse } from '../configs/scraper-protocol.ts';
import { examineRun } from '../diagnostics/runs/examine-run.ts';
import { checkOutput, SELECTOR_PARTS } from '../model/check.ts';
import { RUN_STATUSES } from '../model/run-record.ts';
import { isSameSelector } from '../quality/broken-selectors.ts';
import { toChangeMap } from '../quality/next-steps.ts';
import { CAUSES, NOT_BY_SELECTORS } from '../quality/run-facts.ts';
import type { listFindings } from '../runs/selector-findings.ts';
import { formatInstant } from '../schedule/engine/instant.ts';
import { concealOptions } from './concealment.ts';
import { defineOperation, READ_ONLY } from './define-operation.ts';
import { findRun } from './find-or-throw.ts';
import { nearestOutput, runIdInput } from './operation-fields.ts';
import { toRunOutput } from './run-output.ts';

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
          'Selectors that hold the earlier values now, or may (see explanation), tried on the kept page: by key, as test_config and save_config take them',
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
    const { facts, diagnosis, compared, broken, goodRun, stopped } = await examineRun(workspace, run, {
      signal: context.signal,
      waitsFor: toRunOutput(workspace, run).waits_for,
      conceal: (yaml, savedPages) =>
        concealOptions(workspace, context, { configName: run.configName, yaml, runId: run_id, savedPages }),
    });
    const { changes } = diagnosis;
    const isProposed = (field: string) => broken.some((one) => one.field === field && one.proposal);
    const empty = compared?.still_empty.filter((field) => !isProposed(field)) ?? [];
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
              gone: compared.gone.slice(0, namesShown(changes)),
              fresh: compared.fresh.slice(0, namesShown(changes)),
            }
          : null,
      selectors:
        compared !== undefined && compared.changed.length > 0
          ? listChanged(compared, changes, NOT_BY_SELECTORS.has(diagnosis.cause))
          : run.error?.kind === 'http'
            ? []
            : listStopped(stopped, compared?.missing ?? []),
      changes: toChangeMap(changes),
      matched: Object.fromEntries(changes.map(({ path, matched }) => [path, matched])),
      ...(empty.length > 0 && { still_empty: empty }),
      after: changes.length === 0 ? null : getRowsAfter(compared, changes),
      next: diagnosis.next,
    };
  },
});

/** What its page gives with these changes: known ones alone, or all together. */
function getRowsAfter(
  compared: CompareResponse | undefined,
  changes: CompareResponse['changes'],
): CompareResponse['after'] {
  const all = compared?.repair?.after;
  if (compared === undefined || changes.length === compared.changes.length || !all)
    return compared?.after ?? null;
  return { rows: all.rows, sample: all.first };
}

/** Names of the page's elements matter less where selectors were found that hold the old values. */
function namesShown(changes: CompareResponse['changes']): number {
  return changes.length === 0 ? 6 : 2;
}

/**
 * The selectors that match less. What is near to one matters only on the right page, and if no other selector was found
 * for it.
 */
function listChanged(
  { changed }: CompareResponse,
  changes: CompareResponse['changes'],
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
  return [
    ...stopped.map((one) => {
      const { part, field, selector, matched, usual } = one;
      const nearest = missing.find((other) => isSameSelector(one, other))?.nearest;
      return { part, field, selector, before: usual, now: matched, ...(nearest && { nearest }) };
    }),
    ...missing
      .filter((one) => !stopped.some((other) => isSameSelector(one, other)))
      .map((one) => ({ ...one, before: null, now: 0 })),
  ];
}
