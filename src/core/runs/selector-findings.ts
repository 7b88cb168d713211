import * as z from 'zod';
import type { HomePaths } from '../fs/paths.ts';
import { readRegularFile } from '../fs/read-regular-file.ts';
import { once } from '../lib/once.ts';
import { getLinkLevel, SELECTOR_PARTS, SELECTOR_PATHS } from '../model/check.ts';
import { runShape } from '../model/run-shape.ts';
import { runFiles } from './run-files.ts';

const MAX_FILE_BYTES = 4 * 1024 * 1024;

const count = once(() => z.int().min(0));

/** What one selector of a run found, and its usual values (selector-history.ts). */
const selectorFinding = once(() =>
  z.object({
    selector: z.string(),
    matched: count().describe('Elements, over all pages of the last attempt; of a sitemap its entries'),
    // Older versions did not record this.
    pages: count().nullable().default(null).describe('Pages on which it matched something'),
    filled: count().describe(
      'Items in which the field is not empty; rows that were found or have a link; pages that were taken',
    ),
    usual: count()
      .nullable()
      .describe(
        'What it matched on as many pages in the last ten good runs (median); null: none to compare with',
      ),
    stopped: z.boolean().describe('It matched nothing, though it usually does'),
  }),
);

/** The content of a run's `selectors.json`. */
const findingsSchema = once(() =>
  z.object({
    pages: count(),
    items: count(),
    selectors: z.record(z.string(), selectorFinding()),
    // Separate from the fields, because a field may be named "item".
    parts: z
      .object({
        sitemap: selectorFinding().optional(),
        item: selectorFinding().optional(),
        pagination: selectorFinding().optional(),
      })
      .default({}),
    shape: runShape().nullable().default(null),
    // Older versions wrote none.
    warnings: z.array(z.string()).default([]),
    // By field that reads data: where its path stops. Older versions wrote none.
    misses: z.record(z.string(), z.string()).default({}),
  }),
);

/** What the selectors of a run's last attempt found, by field, and the attempt's warnings. */
export type SelectorFindings = z.infer<ReturnType<typeof findingsSchema>>;

/** The identity of a selector within its configuration. */
export const selectorName = once(() => ({
  part: z.enum(SELECTOR_PARTS).describe('What the selector finds'),
  field: z.string().describe('The field; of other parts their place: item, pagination.selector …'),
}));

/** The same as a list, as interfaces return it. */
export const selectorList = once(() => z.array(z.object({ ...selectorName(), ...selectorFinding().shape })));

/** Reads the selector findings of a run; `undefined` when they are missing (or not written yet) or damaged. */
export function readSelectorFindings(
  paths: HomePaths,
  jobId: string,
  runId: string,
): SelectorFindings | undefined {
  try {
    const text = readRegularFile(runFiles(paths, jobId, runId).selectors, MAX_FILE_BYTES).toString('utf8');
    return findingsSchema().parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Says that no page of a run had a field, and why, if that is known. */
export function describeEmptyField(field: string, selector: string, miss = ''): string {
  return `${field} is empty in all items: its selector (${selector}) matched nothing${miss === '' ? '' : `: ${miss}`}`;
}

/** Names the selectors that stopped matching, in a sentence; undefined without one. */
export function describeStopped(
  selectors: readonly { field?: unknown; usual?: unknown; stopped?: unknown }[],
): string | undefined {
  const said = selectors
    .filter(({ stopped }) => stopped === true)
    .map(({ field, usual }) => `${field} (usually ${usual})`);
  return said.length === 0 ? undefined : `${STOPPED} ${said.join(', ')}.`;
}

/** The beginning of {@link describeStopped}. */
export const STOPPED = 'Selectors that stopped matching:';

/**
 * Lists the selectors of a run with their findings, in the configuration's order, the run's warnings, and by field that
 * reads data why it is empty. All are empty while there are no findings.
 */
export function listFindings(
  paths: HomePaths,
  jobId: string,
  runId: string,
): {
  selectors: z.infer<ReturnType<typeof selectorList>>;
  warnings: string[];
  misses: Record<string, string>;
} {
  const findings = readSelectorFindings(paths, jobId, runId);
  const { selectors = {}, parts = {}, warnings = [], misses = {} } = findings ?? {};
  const listed = (['sitemap', 'item', 'pagination'] as const).flatMap((part) => {
    const finding = parts[part];
    return finding === undefined ? [] : [{ part, field: SELECTOR_PATHS[part], ...finding }];
  });
  const fields = Object.entries(selectors).map(([field, finding]) => {
    const part = getLinkLevel(field) > 0 ? ('follow' as const) : ('field' as const);
    return { part, field, ...finding };
  });
  const empty = Object.entries(misses).map(([field, miss]) =>
    describeEmptyField(field, selectors[field]?.selector ?? '', miss),
  );
  return { selectors: [...listed, ...fields], warnings: [...warnings, ...empty], misses };
}
