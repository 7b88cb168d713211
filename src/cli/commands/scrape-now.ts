import { rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ClientRevisions } from '../../core/configs/client-revisions.ts';
import { readHomeEnvironment } from '../../core/configs/home-environment.ts';
import { resolveRunOutput } from '../../core/execution/output-location.ts';
import { formatBytes } from '../../core/lib/format-bytes.ts';
import { createConcealer } from '../../core/lib/redact.ts';
import { sanitizeText } from '../../core/lib/sanitize-text.ts';
import { pluralize } from '../../core/lib/text.ts';
import type { Expectations } from '../../core/model/expectations.ts';
import { makeRunId } from '../../core/model/ids.ts';
import { formatFromPath, KNOWN_ENDINGS, type OutputFormat } from '../../core/model/output-format.ts';
import { makeProcessTempFolder } from '../../core/process/process-temp-folder.ts';
import { readItems } from '../../core/runs/run-files.ts';
import { applySettings, type CompleteConfig } from '../../scrape/config/config-schema.ts';
import { completeBackend } from '../../scrape/config/connection.ts';
import { formatIssue } from '../../scrape/config/issue-location.ts';
import { parseConfig } from '../../scrape/config/parse-config.ts';
import { assertChecksPassed, evaluateChecks } from '../../scrape/crawl/evaluate-checks.ts';
import { type ScrapeResult, scrape } from '../../scrape/crawl/pipeline.ts';
import type { ScrapeStats } from '../../scrape/crawl/scrape-stats.ts';
import { describeUnmatchedSelectors } from '../../scrape/crawl/selector-matches.ts';
import { redactError } from '../../scrape/lib/redact.ts';
import { createOutputFolder } from '../../scrape/output/output-target.ts';
import { createConcealment, describeConcealment } from '../../scrape/source/pages-request.ts';
import type { CommandContext } from '../context/context.ts';
import { rejectXlsPath } from '../flags/flag-values.ts';
import { ProgressDisplay } from '../render/progress-display.ts';
import { itemTable } from '../render/table.ts';
import { readConfigSource } from './read-config-source.ts';
import { openScrapePlace, type ScrapePlace } from './scrape-place.ts';

/** Scrapes in this process for a waiting user: shows progress, then the counts and the output file. */
export async function scrapeNow(
  context: CommandContext,
  argument: string,
  flags: ScrapeFlags,
): Promise<number | undefined> {
  rejectXlsPath(flags.outputFormat, flags.outputPath);
  const source = await readConfigSource(context, argument);
  const place = await openScrapePlace(context, source.isFile);
  const { env, doubts } = readHomeEnvironment(place.paths);
  const {
    config: parsedConfig,
    warnings,
    values,
    written,
    ...text
  } = parseConfig(source.yaml, source.file, env, flags.param);
  // The author of the text can read the output file, so a client's text also needs redaction there.
  const isWrittenByClient = new ClientRevisions(place.paths).hasText(source.yaml);
  const concealment = isWrittenByClient ? createConcealment(values, text.redactSparing, written) : undefined;
  const concealPages = isWrittenByClient ? createConcealer({ ...values, ...written }) : undefined;
  const redact = isWrittenByClient ? text.redactSparing : text.redact;
  // Selectors never receive a secret value here. A redacted text would show a client that it had guessed a value.
  const redactPages = concealPages === undefined ? redact : (text: string) => text;
  const config = applySettings(parsedConfig, place.settings);
  const printUnlessQuiet = (text: string) => {
    if (!flags.quiet) context.printMessage(text);
  };
  for (const issue of [...doubts, ...warnings])
    printUnlessQuiet(`warning: ${sanitizeText(formatIssue(issue))}`);
  if (concealPages !== undefined) printUnlessQuiet(describeConcealment({ ...values, ...written }));
  if (flags.backend === 'cloudscraper')
    printUnlessQuiet(
      'warning: --backend cloudscraper does not pass a site’s checks here: it fetches plainly, as requests does',
    );
  const staging = makeProcessTempFolder('quickscrape-scrape-');
  const display = new ProgressDisplay(context.err, source.name);
  try {
    const stagingFile = join(staging, 'items.jsonl');
    const output = flags.sample === undefined ? resolveOutput(place, source.name, config, flags) : null;
    if (output !== null && flags.outputFormat === undefined && flags.outputPath !== undefined) {
      if (formatFromPath(flags.outputPath) === undefined)
        printUnlessQuiet(
          `warning: the ending of ${sanitizeText(flags.outputPath)} names no format, so the file is ${output.format}. Known: ${KNOWN_ENDINGS.join(', ')}; --output-format names one, too`,
        );
    }
    // Fails early, before all pages are fetched.
    if (output !== null) await createOutputFolder(dirname(output.file));
    const result = await scrape({
      unfill: text.unfill,
      concealPages,
      config,
      addresses: {
        folders: { folder: dirname(resolve(source.file)), paths: place.paths },
        openJob: place.openJob(isWrittenByClient),
      },
      output,
      stagingFile,
      isTemporary: true,
      beforeOutput: (stats) => checkRows(stats, config, flags),
      ...requestOptions(flags),
      signal: context.interrupt.signal,
      onProgress: ({ pages, items, total_pages: totalPages }) => {
        if (!flags.quiet) display.update({ pages, items, totalPages });
      },
      ...concealment,
      log: (level, message, ofPages = false) => {
        const isShown = flags.verbose ? level !== 'debug' : level === 'error';
        if (isShown)
          printUnlessQuiet(`${level}: ${sanitizeText(ofPages ? redactPages(message) : redact(message))}`);
      },
    });
    display.stop();
    result.warnings = [...result.warnings, ...describeUnmatchedSelectors(config, result)].map(redactPages);
    for (const warning of result.warnings) printUnlessQuiet(`warning: ${sanitizeText(warning)}`);
    const sample = flags.sample === undefined ? undefined : await readItems(stagingFile, flags.sample);
    await printResult(context, result, sample);
    return undefined;
  } catch (error) {
    if (context.interrupt.code === undefined) throw redactError(error, redact);
    display.stop();
    printUnlessQuiet('Interrupted: nothing was written.');
    return context.interrupt.code;
  } finally {
    display.stop();
    rmSync(staging, { recursive: true, force: true });
  }
}

/** @throws ScrapeError `check_failed`; a sample shows rows that break rules, so that rules can be tried */
function checkRows(stats: ScrapeStats, config: CompleteConfig, flags: ScrapeFlags): void {
  const checks = evaluateChecks(partialExpectations(config.expect, flags), config, stats);
  const broken = checks.filter(({ check, passed }) => check === 'fields' && !passed);
  const rows =
    broken.length === 0
      ? ''
      : ' --sample 20 shows rows all the same, and the run of a job keeps those that break rules. expect.max_broken_percent lets some pass.';
  const isSample = flags.sample !== undefined;
  if (isSample) for (const { message } of broken) stats.addWarning(message);
  assertChecksPassed(
    checks.filter((check) => !isSample || !broken.includes(check)),
    `Nothing was written.${rows}`,
  );
}

async function printResult(
  context: CommandContext,
  result: ScrapeResult,
  sample: Record<string, unknown>[] | undefined,
): Promise<void> {
  const { items, pages, bytes, output_path, output_format, warnings } = result;
  const counts = `${pluralize(items, 'item')} from ${pluralize(pages, 'page')} (${formatBytes(bytes)})`;
  await context.print(
    { items, pages, bytes, output_path, output_format, warnings, ...(sample !== undefined && { sample }) },
    () =>
      sample === undefined
        ? sanitizeText(`${counts} → ${output_path ?? 'no file'}`)
        : `${itemTable(sample, context.out)}\n\n${counts}; nothing was written`,
  );
}

/** A path on the command line is relative to the current folder; the configuration's path is relative to `output/`. */
function resolveOutput(place: ScrapePlace, configName: string, config: CompleteConfig, flags: ScrapeFlags) {
  return resolveRunOutput(
    place.paths,
    {
      runId: makeRunId(),
      jobId: configName,
      configName,
      scheduledFor: null,
      queuedAt: place.now,
      timezone: place.settings.get('timezone'),
    },
    {
      job: {
        output_format:
          flags.outputFormat ??
          (flags.outputPath === undefined ? null : (formatFromPath(flags.outputPath) ?? null)),
        output_path: flags.outputPath === undefined ? null : resolve(flags.outputPath),
      },
      config: config.output,
      params: config.params,
    },
  );
}

/** A minimum for all pages does not apply to a part of them. */
function partialExpectations(
  { min_items, ...rest }: Expectations,
  { sample, maxPages }: ScrapeFlags,
): Expectations {
  return sample === undefined && maxPages === undefined && min_items !== undefined
    ? { min_items, ...rest }
    : rest;
}

function requestOptions(flags: ScrapeFlags) {
  return {
    ...(flags.maxPages !== undefined && { maxPages: flags.maxPages }),
    ...(flags.sample !== undefined && { sample: flags.sample }),
    ...(flags.delay !== undefined && { delaySeconds: flags.delay }),
    ...(flags.timeout !== undefined && { requestTimeoutSeconds: flags.timeout }),
    ...(flags.userAgent !== undefined && { userAgent: flags.userAgent }),
    ...(flags.backend !== undefined && {
      backend: completeBackend(flags.backend === 'http' ? 'requests' : flags.backend),
    }),
  };
}

export interface ScrapeFlags {
  outputFormat?: OutputFormat;
  outputPath?: string;
  param?: Record<string, string>;
  maxPages?: number;
  sample?: number;
  delay?: number;
  timeout?: number;
  userAgent?: string;
  verbose?: boolean;
  quiet?: boolean;
  backend?: 'auto' | 'requests' | 'cloudscraper' | 'browser' | 'playwright' | 'http';
}
