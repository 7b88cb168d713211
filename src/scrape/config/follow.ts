import * as z from 'zod';
import { completeFields, type FieldSelector, fieldRecord, getPageFields, type PageFields } from './field.ts';
import { pageSelector } from './page-selector.ts';

const ON_ERROR = ['keep_row', 'drop_row', 'fail'] as const;

/** The detail page of each row, and which fields to take from it. */
export interface Follow {
  /** Finds the link in the row. */
  selector: string;
  /** Fields that are added to the row, in the order in which they are written. */
  selectors: Record<string, FieldSelector>;
  /** Fields that hold facts about the detail page. */
  page_fields?: PageFields;
  /** All added fields, in the order in which they are written. */
  columns?: string[];
  /** What happens to a row whose detail page cannot be fetched. */
  on_error: (typeof ON_ERROR)[number];
  /** Maximum number of detail pages per run. */
  max_pages?: number;
}

export const followInput = z
  .strictObject({
    selector: pageSelector.describe('The link in the row: CSS selector, or XPath behind xpath:'),
    selectors: fieldRecord.describe("Fields to take from the link's page"),
    on_error: z
      .enum(ON_ERROR)
      .default('keep_row')
      .describe('What becomes of a row whose page cannot be fetched'),
    max_pages: z.int().positive().optional().describe('Fetch at most this many detail pages in a run'),
  })
  .describe('The page that each row links to, and what to take from it');

export function completeFollow(input: z.output<typeof followInput>): Follow {
  const { selector, selectors, on_error, max_pages } = input;
  const page_fields = getPageFields(selectors);
  return {
    selector,
    selectors: completeFields(selectors),
    ...(page_fields && { page_fields, columns: Object.keys(selectors) }),
    on_error,
    ...(max_pages !== undefined && { max_pages }),
  };
}
