import type { RepairResponse } from '../../configs/repair-protocol.ts';
import type { BrokenSelector } from '../../quality/broken-selectors.ts';
import { diagnosePage } from '../../quality/diagnose-run.ts';
import { isWorthProposing } from '../../quality/next-steps.ts';
import { type Cause, isReplacedSince, NOT_BY_SELECTORS } from '../../quality/run-facts.ts';
import { runNotFound } from '../../runs/run-errors.ts';
import { listSavedPages } from '../../runs/saved-pages.ts';
import type { Workspace } from '../../workspace.ts';
import { type ExamineOptions, examineRun } from './examine-run.ts';

/** What is broken in the configuration of a run, and how to repair it. */
export interface RunRepairs {
  runId: string;
  cause: Cause;
  /** Whether another page came in place of the one with the rows, such as a sign-in. */
  isOtherPage: boolean;
  explanation: string[];
  /** Whether the configuration was changed since the run, and nothing in it is known to be broken. */
  isChangedSince: boolean;
  /** The page on which selectors are tried; `none`: the run kept none. */
  page: 'kept' | 'live' | 'none';
  /** Why its page could not be examined. */
  problem: string | null;
  broken: BrokenSelector[];
  /** What the page gives with the configuration as it is, and with all proposals. */
  before: RepairResponse['before'];
  after: RepairResponse['after'];
}

/**
 * Finds the broken selectors of a run, and proposes one for each: tried on the page that the run kept, or on the live
 * page.
 * @throws QuickscrapeError `run_not_found`; errors of the live page
 */
export async function findRepairs(
  workspace: Workspace,
  runId: string,
  { live = false, signal, yaml }: Pick<ExamineOptions, 'live' | 'signal' | 'yaml'> = {},
): Promise<RunRepairs> {
  const run = workspace.runs.get(runId);
  if (run === undefined) throw runNotFound(runId);
  const {
    facts,
    diagnosis,
    compared,
    broken: all,
  } = await examineRun(workspace, run, { signal, live, yaml, repair: true });
  const { cause, explanation } = live ? diagnosePage(facts) : diagnosis;
  const isOtherPage = NOT_BY_SELECTORS.has(cause);
  const broken = all.filter((one) => !isOtherPage || isWorthProposing(one, cause));
  const hasKept = listSavedPages(workspace.paths, run.jobId, run.runId).length > 0;
  const repair = compared?.repair;
  return {
    runId,
    cause,
    isOtherPage,
    explanation: live ? explanation : explanation.slice(1),
    isChangedSince: !live && isReplacedSince(facts, cause),
    page: live ? 'live' : hasKept ? 'kept' : 'none',
    problem: hasKept && typeof facts.page === 'string' ? facts.page : null,
    broken,
    before: repair?.before ?? null,
    after: broken.some(({ proposal }) => proposal) ? (repair?.after ?? null) : null,
  };
}
