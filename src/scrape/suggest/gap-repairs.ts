import type { FieldSelector } from '../config/field.ts';
import { isEmpty } from '../extract/field-text.ts';
import { select } from '../extract/select.ts';
import type { Item, JsonValue, Page, PageElement } from '../lib/page.ts';
import { isDataSelector } from '../selectors/data-selector.ts';
import { parseXPathSelector } from '../selectors/selector-syntax.ts';
import { type ExtractionRules, tryExtractRows } from './compare-pages.ts';
import { shapeOf } from './near-repairs.ts';
import { listNearSelectors } from './near-selectors.ts';
import { describeChange, type SelectorChange, withField } from './repair-selectors.ts';

/** A field that more rows lack than this share is not one with gaps. */
const MAX_GAP_SHARE = 0.5;
/** A selector has to fill this share of the gaps. */
const FILLED_SHARE = 0.5;

/** A field that some rows lack, and a second selector that has it there. */
export interface GapRepair {
  name: string;
  /** Rows without the field. */
  gaps: number;
  change: SelectorChange;
}

/**
 * Finds the fields that earlier rows always had and a few rows of the page lack, where these rows have an element with a
 * similar name, or with values that look alike: `.price` → `.price, .special-price`. No other row may change by it. Pure.
 * @param skipped fields that are repaired otherwise
 */
export function repairGaps(
  now: Page,
  rules: ExtractionRules,
  skipped: ReadonlySet<string>,
  earlier: readonly Item[],
): GapRepair[] {
  if (rules.item === undefined || isDataSelector(rules.item) || earlier.length === 0) return [];
  const items = select(now, rules.item);
  const rows = tryExtractRows(now, rules)?.rows ?? [];
  // A row of which nothing can be read is dropped: then it is not known which row an element is.
  if (rows.length !== items.length) return [];
  return Object.entries(rules.selectors).flatMap(([name, field]) => {
    const isAlways = earlier.every(({ [name]: value = null }) => !isEmpty(value));
    if (skipped.has(name) || !isAlways || !isPlain(field)) return [];
    const gaps = items.filter(
      (item, at) => isEmpty(rows[at]?.[name] ?? null) && select(now, field.selector, item).length === 0,
    );
    if (gaps.length === 0 || gaps.length > items.length * MAX_GAP_SHARE) return [];
    const change = fillGaps(now, rules, name, field, { gaps, rows, earlier });
    return change === undefined ? [] : [{ name, gaps: gaps.length, change }];
  });
}

/** Whether two selectors of the field can be written as one list. */
function isPlain({ selector, multiple, children }: FieldSelector): boolean {
  return (
    !multiple &&
    children === undefined &&
    !isDataSelector(selector) &&
    parseXPathSelector(selector) === undefined
  );
}

function fillGaps(
  now: Page,
  rules: ExtractionRules,
  name: string,
  field: FieldSelector,
  { gaps, rows, earlier }: { gaps: readonly PageElement[]; rows: readonly Item[]; earlier: readonly Item[] },
): SelectorChange | undefined {
  const read = (row: Item | undefined): JsonValue => row?.[name] ?? null;
  const shapes = new Set(earlier.map((row) => shapeOf(read(row))));
  for (const { selector, isSimilar } of listNearSelectors(now, field.selector, { roots: gaps })) {
    const changed = { ...field, selector: `${field.selector}, ${selector}` };
    const extraction = tryExtractRows(now, withField(rules, name, changed));
    if (extraction?.rows.length !== rows.length) continue;
    const filled = rows.flatMap((row, at) =>
      isEmpty(read(row)) && !isEmpty(read(extraction.rows[at])) ? [read(extraction.rows[at])] : [],
    );
    const isSame = rows.every(
      (row, at) =>
        isEmpty(read(row)) || JSON.stringify(read(row)) === JSON.stringify(read(extraction.rows[at])),
    );
    const isAlike = filled.every((value) => shapes.has(shapeOf(value)));
    if (!isSame || filled.length < gaps.length * FILLED_SHARE || !(isSimilar || isAlike)) continue;
    return describeChange(`selectors.${name}`, field, changed, extraction.matches[name] ?? 0);
  }
  return undefined;
}
