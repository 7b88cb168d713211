import * as z from 'zod';
import { once } from '../once.ts';
import type { HomePaths } from '../paths.ts';
import { readRegularFile } from '../store/read-regular-file.ts';
import { runFiles } from './run-files.ts';

const LARGEST_FILE = 4 * 1024 * 1024;

const count = once(() => z.int().min(0));

/** What one selector of a run found, and what is usual for it (selector-history.ts). */
const selectorFinding = once(() =>
  z.object({
    selector: z.string(),
    matched: count().describe('Elements, over all pages of the last attempt'),
    filled: count().describe('Items in which the field is not empty'),
    usual: count()
      .nullable()
      .describe(
        'What it matched on as many pages in the last ten good runs (median); null: none to compare with',
      ),
    stopped: z.boolean().describe('It matched nothing, though it usually does'),
  }),
);

/** `selectors.json` of a run. */
const findingsSchema = once(() =>
  z.object({
    pages: count(),
    items: count(),
    selectors: z.record(z.string(), selectorFinding()),
    // Runs of earlier versions wrote none.
    warnings: z.array(z.string()).default([]),
  }),
);

/** What the selectors of a run's last attempt found, by their field, and what it warned of. */
export type SelectorFindings = z.infer<ReturnType<typeof findingsSchema>>;

/** The same in a list, as faces show it. */
export const selectorList = once(() => z.array(z.object({ field: z.string(), ...selectorFinding().shape })));

/** What a run wrote down; `undefined` when it wrote nothing (yet), or what is there is damaged. */
export function readSelectorFindings(
  paths: HomePaths,
  jobId: string,
  runId: string,
): SelectorFindings | undefined {
  try {
    const text = readRegularFile(runFiles(paths, jobId, runId).selectors, LARGEST_FILE).toString('utf8');
    return findingsSchema().parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/**
 * The selectors of a run with what they found, in the configuration's order, and the run's warnings; none of either while
 * there is nothing to tell.
 */
export function listFindings(
  paths: HomePaths,
  jobId: string,
  runId: string,
): { selectors: z.infer<ReturnType<typeof selectorList>>; warnings: string[] } {
  const { selectors = {}, warnings = [] } = readSelectorFindings(paths, jobId, runId) ?? {};
  return {
    selectors: Object.entries(selectors).map(([field, finding]) => ({ field, ...finding })),
    warnings,
  };
}
