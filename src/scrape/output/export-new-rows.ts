import { statSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import type { OutputFormat } from '../../core/model/output-format.ts';
import type { CountedChanges } from '../../core/quality/counted-changes.ts';
import { digestItem } from '../../core/quality/item-digest.ts';
import type { OnlyRows } from '../config/output.ts';
import { ScrapeError, throwIfCancelled } from '../lib/scrape-error.ts';
import { exportItems } from './export-items.ts';
import { type ExportOptions, getFileFingerprint } from './export-options.ts';
import { KnownRows } from './known-rows.ts';
import { toOutputError } from './output-target.ts';
import { readStagedItems } from './staging.ts';

/** Which rows are written, and what is known of earlier ones. */
export interface NewRows {
  only: OnlyRows;
  /** The fields that identify a row; a row in which they are empty is identified by all that counts of it. */
  key: readonly string[];
  counted: CountedChanges;
  /** The job's file of known rows. */
  knownFile: string;
}

/**
 * Adds those of the staged rows to the output that it does not have yet.
 * @returns the number of rows that were added, and warnings for the user
 * @throws ScrapeError as {@link exportItems}; the rows then count as not written
 */
export async function exportNewRows(
  options: ExportOptions,
  { only, key, counted, knownFile }: NewRows,
): Promise<{ added: number; warnings: string[] }> {
  const known = await KnownRows.open(knownFile, options.signal);
  const chosen = `${options.stagingFile}.new`;
  try {
    let added = 0;
    await known.choose(only, async (isWanted) => {
      added = await copyRows(options, chosen, (item) => {
        const { key: keyDigest, whole } = digestItem(item, key, counted);
        return isWanted(keyDigest, whole);
      });
    });
    // An existing file stays as it is, with its time.
    if (added === 0 && statSync(options.file, { throwIfNoEntry: false }) !== undefined)
      return { added, warnings: [] };
    const warnings = await exportItems({
      ...options,
      append: true,
      stagingFile: chosen,
      note: {
        matches: () => false,
        write: (after, { file, existing }) =>
          known.placing(file, existing === undefined ? null : getFileFingerprint(existing), after),
      },
    });
    return { added, warnings: [...warnings, ...record(known)] };
  } finally {
    known.close();
    await rm(chosen, { force: true }).catch(() => undefined);
  }
}

/** The rows are in the output: what is not recorded now, the next run records. */
function record(known: KnownRows): string[] {
  try {
    known.placed();
    return [];
  } catch (error) {
    return [
      `the next run records what this one has written: ${error instanceof Error ? error.message : String(error)}`,
    ];
  }
}

/** Copies the rows that are wanted. @returns their number */
async function copyRows(
  { stagingFile, signal }: ExportOptions,
  to: string,
  isWanted: (item: Parameters<typeof digestItem>[0]) => boolean,
): Promise<number> {
  let count = 0;
  try {
    const handle = await open(to, 'w', 0o600);
    try {
      for await (const items of readStagedItems(stagingFile)) {
        throwIfCancelled(signal);
        const wanted = items.filter(isWanted);
        count += wanted.length;
        if (wanted.length > 0)
          await handle.writeFile(wanted.map((item) => `${JSON.stringify(item)}\n`).join(''));
      }
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw toOutputError(error, to);
  }
  return count;
}

const FORMATS: readonly OutputFormat[] = ['csv', 'jsonl'];

/** @throws ScrapeError `output` for a format to which only some rows cannot be added */
export function requireOnlyFormat(format: OutputFormat): void {
  if (FORMATS.includes(format)) return;
  throw new ScrapeError('output', `output.only is for csv and jsonl, and the output is ${format}`, {
    hint:
      format === 'sqlite'
        ? 'sqlite knows its rows by itself: set output.key and remove output.only.'
        : 'Set the format to csv or jsonl, or remove output.only.',
  });
}
