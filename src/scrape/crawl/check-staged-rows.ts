import { rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isSystemError } from '../../core/fs/system-errors.ts';
import { pluralize } from '../../core/lib/text.ts';
import { BROKEN_ROW_FIELD, BROKEN_RULES_FIELD, MAX_BROKEN_ROWS } from '../../core/model/value-rules.ts';
import { brokenRowsFile, jsonLines } from '../../core/runs/run-files.ts';
import { getSelectors } from '../config/config-fields.ts';
import type { Item } from '../lib/page.ts';
import { throwIfCancelled } from '../lib/scrape-error.ts';
import { toOutputError } from '../output/output-target.ts';
import { Staging } from '../output/staging.ts';
import type { PagesRequest } from '../source/pages-request.ts';
import type { CheckpointEnd } from './checkpoint.ts';
import { describeBroken, nothingLeft, ruleChecks } from './rule-checks.ts';
import type { ScrapeStats } from './scrape-stats.ts';
import { type RuleCount, ValueChecker } from './value-checker.ts';

type Request = Pick<PagesRequest, 'config' | 'signal' | 'log' | 'conceal' | 'onProgress' | 'sample'> & {
  stagingFile: string;
};

/**
 * Checks the staged rows of a run against the rules on their values (`expect.fields`), and keeps the first of those that
 * break one in a file beside them. The checks are then in `stats`. With `broken_rows: drop`, and if all rules are met as
 * far as they must be, the broken rows are removed from the staged ones.
 * @param resume is forgotten before rows are removed: the checkpoint speaks of all of them
 * @throws ScrapeError `output`, `cancelled`
 */
export async function checkStagedRows(
  request: Request,
  stats: ScrapeStats,
  resume: CheckpointEnd | undefined,
): Promise<void> {
  const { config, log, conceal, sample } = request;
  if (Object.keys(config.expect.fields ?? {}).length === 0 || stats.items === 0) return;
  const checker = new ValueChecker(config);
  const broken = await findBroken(request, checker);
  const counts = checker.counts();
  let unread = stats.unparsedValues();
  // The author of a concealed configuration must not learn what is replaced in a message, so it quotes no values.
  if (conceal !== undefined) {
    for (const { samples } of counts.rules) for (const sample of samples) delete sample.value;
    unread = unread.map((one) => ({ ...one, sample: '' }));
  }
  const checks = ruleChecks(config.expect, counts, unread);
  // Of a page that a sample cuts, all values were read.
  stats.rules = checks.filter(({ rule }) => sample === undefined || rule !== 'max_unread_percent');
  if (broken.length === 0) return;
  const isDrop = config.expect.broken_rows === 'drop';
  if (isDrop && broken.length === counts.rows && config.expect.allow_empty !== true) {
    stats.rules = stats.rules.map((check) =>
      check.found > 0 && check.rule !== 'max_unread_percent' ? nothingLeft(check) : check,
    );
  }
  const hasPassed = stats.rules.every(({ passed }) => passed);
  const text = `${describeBrokenRows(broken.length, counts.rows)}${isDrop && hasPassed ? (broken.length === 1 ? '; it is left out' : '; they are left out') : ''}`;
  log('warn', text);
  if (hasPassed) stats.addWarning(text);
  if (!hasPassed || !isDrop) return;
  await resume?.forget();
  await dropRows(request, stats, broken);
  const { pages, items, bytes, firstUrl: url } = stats;
  request.onProgress({ pages, items, bytes, total_pages: pages, url });
}

function describeBrokenRows(broken: number, rows: number): string {
  const cut =
    broken > MAX_BROKEN_ROWS ? `; the first ${MAX_BROKEN_ROWS.toLocaleString('en-US')} of them are kept` : '';
  return `${broken.toLocaleString('en-US')} of ${pluralize(rows, 'row')} ${broken === 1 ? 'breaks' : 'break'} a rule of expect.fields${cut}`;
}

/** @returns the numbers of the rows that break a rule, from 1 */
async function findBroken({ stagingFile, signal }: Request, checker: ValueChecker): Promise<number[]> {
  const broken: number[] = [];
  const file = brokenRowsFile(stagingFile);
  await rm(file, { force: true });
  let kept: Staging | undefined;
  let row = 0;
  try {
    for await (const lines of jsonLines(stagingFile)) {
      throwIfCancelled(signal);
      const found: Item[] = [];
      for (const line of lines) {
        row += 1;
        const item = JSON.parse(line) as Item;
        const rules = checker.check(item);
        if (rules.length === 0) continue;
        broken.push(row);
        if (broken.length <= MAX_BROKEN_ROWS) found.push(toBrokenRow(item, row, rules));
      }
      if (found.length === 0) continue;
      kept ??= await Staging.create(file);
      await kept.add(found);
    }
  } catch (error) {
    throw isSystemError(error) ? toOutputError(error, stagingFile) : error;
  } finally {
    await kept?.close();
  }
  return broken;
}

function toBrokenRow(item: Item, row: number, rules: readonly RuleCount[]): Item {
  return {
    [BROKEN_ROW_FIELD]: row,
    [BROKEN_RULES_FIELD]: rules.map(
      (count) => `${count.field} ${describeBroken({ ...count, hasOthers: false }, 1)}`,
    ),
    ...item,
  };
}

/** Removes rows from the staged ones, and from the counts. */
async function dropRows(
  { config, stagingFile, signal }: Request,
  stats: ScrapeStats,
  broken: readonly number[],
): Promise<void> {
  const left = join(dirname(stagingFile), 'items.left.jsonl');
  const selectors = getSelectors(config);
  try {
    const staging = await Staging.create(left);
    let [row, next] = [0, 0];
    try {
      for await (const lines of jsonLines(stagingFile)) {
        throwIfCancelled(signal);
        const kept: string[] = [];
        const dropped: Item[] = [];
        for (const line of lines) {
          row += 1;
          if (row !== broken[next]) kept.push(line);
          else {
            dropped.push(JSON.parse(line) as Item);
            next += 1;
          }
        }
        await staging.addLines(kept);
        stats.removeRows(dropped, selectors);
      }
      await staging.sync();
    } finally {
      await staging.close();
    }
    await rename(left, stagingFile);
  } catch (error) {
    await rm(left, { force: true });
    throw isSystemError(error) ? toOutputError(error, stagingFile) : error;
  }
}
