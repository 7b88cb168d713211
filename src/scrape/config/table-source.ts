import * as z from 'zod';
import { scriptSelector as elementsSelector } from './page-selector.ts';

/** The table whose rows are taken. */
export interface TableSource {
  /** CSS, or XPath after `xpath:`: the table, or what holds it. */
  selector: string;
  /** Whether each column with links has a second field with their addresses. Only where no fields are named. */
  links: boolean;
  /** Whether a unit in the header, `Weight [kg]`, becomes a field of its own. Only where no fields are named. */
  units: boolean;
}

export const tableInput = z
  .union([
    elementsSelector,
    z.strictObject({
      selector: elementsSelector.describe('The table, or what holds it: CSS selector, or XPath after xpath:'),
      links: z
        .boolean()
        .default(false)
        .describe('Without selectors: also take the links of each column, as NAME_link'),
      units: z
        .boolean()
        .default(false)
        .describe('Without selectors: take the unit out of "Weight [kg]", as NAME_unit'),
    }),
  ])
  .describe('The table whose rows are taken; its header names the columns');

export function completeTable(input: z.output<typeof tableInput>): TableSource {
  return typeof input === 'string' ? { selector: input, links: false, units: false } : input;
}
