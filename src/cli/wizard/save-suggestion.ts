import { newConfigText, suggestConfigName } from '../../core/configs/new-config.ts';
import { suggestSelectors } from '../../core/configs/scraper-client.ts';
import type { SuggestResponse } from '../../core/configs/suggest-response.ts';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import { programCommand } from '../../core/lib/installation.ts';
import { sanitizeText } from '../../core/lib/sanitize-text.ts';
import { OUTPUT_FORMATS, type OutputFormat } from '../../core/model/output-format.ts';
import type { CommandContext } from '../context/context.ts';
import { itemTable } from '../render/table.ts';

/** Finds the repeating elements of a page. @throws QuickscrapeError `invalid_params` when the page cannot be fetched */
export async function inspectPage(
  context: CommandContext,
  url: string,
  backend: 'requests' | 'browser' = 'requests',
): Promise<SuggestResponse> {
  const { paths } = await context.workspace();
  return suggestSelectors(
    { page: { from: 'url', url, backend }, name: 'the page', home: paths.home },
    { signal: context.interrupt.signal },
  );
}

/** A free name: from the address, with a number if that is taken. */
export function findFreeName(url: string, isTaken: (name: string) => boolean): string {
  const name = suggestConfigName(url) || 'pages';
  let free = name;
  for (let number = 2; isTaken(free); number += 1) free = `${name.slice(0, 60)}-${number}`;
  return free;
}

export interface WizardFlags {
  yes?: boolean;
  name?: string;
  outputFormat?: OutputFormat;
  maxPages?: string;
}

export function maxPagesFrom({ maxPages }: WizardFlags): number | undefined {
  return maxPages === undefined ? undefined : Number(maxPages);
}

/** @throws QuickscrapeError `invalid_params` */
export function checkWizardFlags({ outputFormat, maxPages }: WizardFlags): void {
  if (outputFormat !== undefined && !OUTPUT_FORMATS.includes(outputFormat))
    throw invalidArguments(
      `--output-format: ${outputFormat} is not a format`,
      `One of: ${OUTPUT_FORMATS.join(', ')}.`,
    );
  if (maxPages !== undefined && !/^[1-9]\d{0,5}$/.test(maxPages))
    throw invalidArguments(`--max-pages: ${maxPages} is not a number of pages`, 'A whole number from 1 on.');
}

/** The error for an invalid command line. */
export function invalidArguments(message: string, hint: string): QuickscrapeError {
  return new QuickscrapeError('invalid_params', message, { hint });
}

/**
 * Saves the best suggestion under a free name, without questions.
 * @throws QuickscrapeError `conflict` for a name that is taken; `invalid_config` for a page without rows
 */
export async function saveBestSuggestion(
  context: CommandContext,
  url: string,
  flags: WizardFlags,
): Promise<undefined> {
  const { configs } = await context.workspace();
  const name = flags.name ?? findFreeName(url, (each) => configs.has(each));
  if (configs.has(name)) {
    throw new QuickscrapeError('conflict', `there is a configuration ${name} already`, {
      field: 'name',
      hint: 'Give another --name; without --yes the wizard asks whether to replace it.',
    });
  }
  const found = await inspectPage(context, url);
  if (found.item === null) throw noRowsError(url, found.scripts ?? null);
  const yaml = newConfigText(url, name, found, { format: flags.outputFormat, maxPages: maxPagesFrom(flags) });
  const result = await context.call('test_config', { config_name: name, yaml });
  const saved = await context.call('save_config', { config_name: name, yaml });
  const { file, created, revision } = saved;
  const warnings = [...result.warnings, ...(result.error === null ? [] : [result.error.message])];
  const { items, sample } = result;
  await context.print(
    { config_name: name, file, created, revision, yaml, items, sample, warnings, job_id: null },
    () =>
      [
        itemTable(sample, context.out),
        '',
        `Saved ${sanitizeText(file)}`,
        `Next: ${context.command(`scrape ${name}`)}`,
      ].join('\n'),
  );
  for (const warning of warnings) context.printMessage(`warning: ${sanitizeText(warning)}`);
  return undefined;
}

/** The error for a page without repeating elements, with the possible reason. */
export function noRowsError(url: string, scripts: string | null): QuickscrapeError {
  return new QuickscrapeError('invalid_config', `no repeating elements found on ${url}`, {
    field: 'url',
    hint:
      scripts === null
        ? `Try the page that lists what you want. For a page with one thing on it: ${programCommand()} init, and write the selectors yourself.`
        : `As the server sends it the page has no rows, and ${scripts}: they may be made by scripts. Write a configuration with "backend: browser", or use ${programCommand()} wizard on a terminal, which can look with a browser.`,
  });
}
