import type { RepairResponse } from '../configs/repair-protocol.ts';
import type { CompareResponse } from '../configs/scraper-protocol.ts';
import type { SelectorPart } from '../model/check.ts';
import type { SelectorFindings } from '../runs/selector-findings.ts';

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
  /** Rows of the page that lack it, of a selector that matches in the others. */
  gaps?: number | undefined;
  nearest?: RepairResponse['broken'][number]['nearest'];
  proposal?: RepairResponse['broken'][number]['proposal'];
}

/** What a selector of a run found (selector-findings.ts). */
type Finding = Pick<SelectorFindings['selectors'][string], 'selector' | 'matched' | 'usual' | 'stopped'> & {
  part: SelectorPart;
  field: string;
};

/**
 * Lists the broken selectors of a run: those that match less on its page, or, where no page was compared, those that
 * matched nothing in the run though they usually do. Pure.
 * @param found what the run's selectors matched
 * @param items the rows of the run
 * @param isLive whether the page is the live one: then what the selectors matched on it counts, not in the run
 */
export function listBrokenSelectors(
  found: readonly Finding[],
  items: number,
  compared: Pick<CompareResponse, 'before' | 'repair'> | undefined,
  isLive = false,
): BrokenSelector[] {
  const repair = compared?.repair;
  const rowsOnPage = repair?.before?.rows ?? 0;
  const rows = found.find(({ part }) => part === 'item')?.matched ?? items;
  const ofPage = (repair?.broken ?? []).flatMap(({ matched: onPage, ...one }): BrokenSelector[] => {
    const own = found.find((other) => isSameSelector(one, other));
    // A field may be optional: then it matched nothing in good runs either, or does on other pages.
    const isOptional = own !== undefined && !own.stopped && (own.usual === 0 || (own.matched > 0 && !isLive));
    if (isOptional && one.gaps === undefined && compared?.before === null) return [];
    if (isLive) return [{ ...one, matched: onPage, usual: rowsOnPage > 0 ? rowsOnPage : null }];
    const usual = own?.usual ?? (rows > 0 ? rows : null);
    return [{ ...one, matched: own?.matched ?? onPage, usual }];
  });
  // Without items no field can match.
  const isItemLost = found.some(({ part, stopped }) => part === 'item' && stopped);
  // What the configuration has replaced since is no longer broken.
  const ofRun = found
    .filter(({ part }) => !isItemLost || part === 'item' || part === 'pagination')
    .filter((one) => one.stopped && repair === undefined)
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
  return [...ofPage, ...ofRun];
}

/** Whether two findings are about the same selector of a configuration. */
export function isSameSelector(
  one: { part: SelectorPart; field: string },
  other: { part: SelectorPart; field: string },
): boolean {
  return one.part === other.part && one.field === other.field;
}
