import * as z from 'zod';
import type { HomePaths } from '../paths.ts';
import { readRegularFile } from '../store/read-regular-file.ts';
import { runFiles } from './run-files.ts';

const LARGEST_FILE = 4 * 1024 * 1024;

/** `selectors.json` of a run: what its last attempt found. */
const countsSchema = z.object({
  pages: z.int().min(0),
  items: z.int().min(0),
  selectors: z.record(
    z.string(),
    z.object({
      selector: z.string(),
      matched: z.int().min(0).describe('Elements, over all pages'),
      filled: z.int().min(0).describe('Rows in which the field is not empty'),
    }),
  ),
});

/** How often each selector of a run matched, over all pages of its last attempt; selectors by their field. */
export type SelectorCounts = z.infer<typeof countsSchema>;

/** What a run wrote down; `undefined` when it wrote nothing (yet), or what is there is damaged. */
export function readSelectorCounts(
  paths: HomePaths,
  jobId: string,
  runId: string,
): SelectorCounts | undefined {
  try {
    const text = readRegularFile(runFiles(paths, jobId, runId).selectors, LARGEST_FILE).toString('utf8');
    return countsSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
