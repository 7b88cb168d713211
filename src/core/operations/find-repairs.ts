import type { RepairResponse } from '../configs/repair-protocol.ts';
import type { SelectorPart } from '../model/check.ts';
import { type Cause, NOT_BY_SELECTORS } from '../quality/run-facts.ts';
import { readItems, runFiles } from '../runs/run-files.ts';
import { listSavedPages } from '../runs/saved-pages.ts';
import { listFindings } from '../runs/selector-findings.ts';
import type { Workspace } from '../workspace.ts';
import type { OperationContext } from './define-operation.ts';
import { examineRun } from './explain-run.ts';
import { findRun } from './find-or-throw.ts';

/** Rows of the last good run that are compared with the page. */
const EARLIER_ROWS = 100;
const EARLIER_BYTES = 4 * 1024 * 1024;

/** A selector that matches nothing, or less than usual, and one to write in its place. */
export interface BrokenSelector {
  part: SelectorPart;
  /** The field; of other parts their key: `item`, `pagination.selector`. */
  field: string;
  /** Its key in the configuration; `null` if the configuration has no such selector any more. */
  path: string | null;
  selector: string;
  /** What it matched in the run. */
  matched: number;
  /** What it usually matches on as many pages, otherwise the items of the run; `null` if neither is known. */
  usual: number | null;
  nearest?: RepairResponse['broken'][number]['nearest'];
  proposal?: RepairResponse['broken'][number]['proposal'];
}

/** What is broken in the configuration of a run, and how to repair it. */
export interface RunRepairs {
  runId: string;
  cause: Cause;
  /** Whether another page came in place of the one with the rows, such as a sign-in. */
  isOtherPage: boolean;
  explanation: string[];
  /** Whether the run kept a page to try selectors on. */
  hasPage: boolean;
  /** Why its page could not be examined. */
  problem: string | null;
  broken: BrokenSelector[];
  /** What the kept page gives with the configuration as it is stored, and with all proposals. */
  before: RepairResponse['before'];
  after: RepairResponse['after'];
}

/**
 * Finds the broken selectors of a run, and proposes one for each: tried on the page that the run kept. Fetches nothing.
 * @throws QuickscrapeError `run_not_found`
 */
export async function findRepairs(
  workspace: Workspace,
  runId: string,
  context: OperationContext,
): Promise<RunRepairs> {
  const run = findRun(workspace, runId);
  const { paths } = workspace;
  const { facts, diagnosis, compared } = await examineRun(workspace, run, context, async (lastGood) => ({
    repair: true,
    earlier_rows:
      lastGood === null
        ? []
        : await readItems(runFiles(paths, run.jobId, lastGood.runId).items, EARLIER_ROWS, EARLIER_BYTES),
  }));
  const { selectors: found } = listFindings(paths, run.jobId, run.runId);
  const repair = compared?.repair;
  const isSame = (one: { part: string; field: string }, other: { part: string; field: string }) =>
    one.part === other.part && one.field === other.field;
  const items = found.find(({ part }) => part === 'item')?.matched ?? run.items;
  const ofPage = (repair?.broken ?? []).flatMap(({ matched: onPage, ...one }): BrokenSelector[] => {
    const own = found.find((other) => isSame(one, other));
    // A field may be optional: then it matched nothing in good runs either, or does on other pages.
    const isOptional = own !== undefined && !own.stopped && (own.usual === 0 || own.matched > 0);
    if (isOptional && compared?.before === null) return [];
    const usual = own?.usual ?? (items > 0 ? items : null);
    return [{ ...one, matched: own?.matched ?? onPage, usual }];
  });
  // Without items no field can match.
  const isItemLost = found.some(({ part, stopped }) => part === 'item' && stopped);
  // What the configuration has replaced since is no longer broken.
  const ofRun = found
    .filter(({ part }) => !isItemLost || part === 'item' || part === 'pagination')
    .filter((one) => one.stopped && !ofPage.some((other) => isSame(one, other)) && repair === undefined)
    .map(
      ({ part, field, selector, matched, usual }): BrokenSelector => ({
        part,
        field,
        path: null,
        selector,
        matched,
        usual,
      }),
    );
  const isOtherPage = NOT_BY_SELECTORS.has(diagnosis.cause);
  // On such a page everything is missing, and a similar name says nothing.
  const isRepairable = ({ proposal }: BrokenSelector) =>
    !isOtherPage || (proposal !== undefined && proposal.basis !== 'similar_name');
  const broken = [...ofPage, ...ofRun].filter(isRepairable);
  const hasPage = listSavedPages(paths, run.jobId, run.runId).length > 0;
  return {
    runId,
    cause: diagnosis.cause,
    isOtherPage,
    explanation: diagnosis.explanation,
    hasPage,
    problem: hasPage && typeof facts.page === 'string' ? facts.page : null,
    broken,
    before: repair?.before ?? null,
    after: broken.some(({ proposal }) => proposal) ? (repair?.after ?? null) : null,
  };
}
