import type { ConfigAccess } from '../configs/config-access.ts';
import { paramWarnings } from '../configs/job-params.ts';
import { addressConfigText } from '../configs/new-config.ts';
import type { PageQuestion } from '../configs/scraper-protocol.ts';
import { canParseUrl } from '../lib/can-parse-url.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import { truncateList } from '../lib/text.ts';
import { parseName } from '../model/ids.ts';
import type { ParamValues } from '../model/params.ts';
import type { RunRecord } from '../model/run-record.ts';
import { listSavedPages, type SavedPage } from '../runs/saved-pages.ts';
import type { Workspace } from '../workspace.ts';
import { checkAndReviewConfig, findNewAccess, namingField } from './check-config.ts';
import { concealOptions } from './concealment.ts';
import type { OperationContext } from './define-operation.ts';
import { findRun } from './find-or-throw.ts';

/** How an operation names a page: exactly one of the first three. `page` counts from 1. */
export interface PageInput {
  run_id?: string | undefined;
  config_name?: string | undefined;
  url?: string | undefined;
  page?: number | undefined;
  /** Whether the operation has a `config_name` at all; by default it has. */
  takesConfig?: boolean;
}

/** How the page of a `url` is fetched. */
type AddressBackend = 'requests' | 'browser' | 'auto';

/**
 * Resolves the page that an operation's input names to the page of a question to the inspector: a page that a run kept,
 * a page of a configuration, fetched as its runs would, or the page of an address, fetched with default settings. What
 * a live page would reach is reviewed first (`checkAndReviewConfig`). Use it as:
 *
 *     const asked = await resolvePage(workspace, { run_id, url }, context);
 *     const answer = await suggestSelectors(asked, { signal, onSent });
 *
 * @throws QuickscrapeError `invalid_params` when not exactly one page is named, or there is no such page; `run_not_found`;
 *   `config_not_found`; `invalid_config`; errors of `reviewConfig`
 */
export async function resolvePage(
  workspace: Workspace,
  input: PageInput,
  context: OperationContext,
  backend: AddressBackend = 'auto',
): Promise<Omit<PageQuestion, 'time_limit_ms'>> {
  const { run_id, config_name, url, page: number = 1 } = input;
  assertOneOrigin(input);
  const { home } = workspace.paths;
  if (run_id !== undefined) {
    const run = findRun(workspace, run_id);
    const savedPages = requireSavedPages(workspace, run);
    const { file, url: address, contentType, fetchedAt, role } = requireNumber(savedPages, number);
    return {
      page: { from: 'kept', file, url: address, content_type: contentType, fetched_at: fetchedAt, role },
      name: `the page of run ${run_id}`,
      home,
      ...concealOptions(workspace, context, { configName: null, yaml: '', runId: run_id, savedPages }),
    };
  }
  if (config_name !== undefined) {
    parseName(config_name, 'config_name');
    const { yaml } = workspace.configs.read(config_name);
    const displayName = `${config_name}.yaml`;
    const source = { yaml, displayName, field: 'config_name', forRun: true };
    await checkAndReviewConfig(workspace, source, context, (facts) =>
      findNewAccess(withoutOutput(facts), workspace, config_name),
    );
    const shown = { configName: config_name, yaml, runId: undefined, savedPages: undefined };
    return {
      page: { from: 'config', yaml, number, params: paramsOfFirstJob(workspace, config_name) },
      name: displayName,
      home,
      ...concealOptions(workspace, context, shown),
    };
  }
  const address = requireAddress(url ?? '');
  if (number > 1)
    throw noSuchPage(number, 1, 'url names one page; a configuration (config_name) leads to more.');
  const source = {
    yaml: addressConfigText(address, backend),
    displayName: 'url',
    field: 'url',
    forRun: true,
  };
  await namingField('url', () => checkAndReviewConfig(workspace, source, context, withoutOutput));
  return { page: { from: 'url', url: address, backend }, name: 'the page', home };
}

/**
 * The pages that a run has kept.
 * @throws QuickscrapeError `invalid_params` when there is none; it names the newest run of the job that has kept some
 */
export function requireSavedPages(workspace: Workspace, { runId, jobId }: RunRecord): SavedPage[] {
  const pages = listSavedPages(workspace.paths, jobId, runId);
  if (pages.length > 0) return pages;
  const other = workspace.runs
    .newestForJob(jobId, MAX_SEARCHED_RUNS)
    .find((run) => listSavedPages(workspace.paths, jobId, run.runId).length > 0);
  const next =
    other === undefined
      ? 'No newer run of this job has one either: the live page is shown without run_id, by config_name, where the server allows that.'
      : `The newest run of this job that has kept one is ${other.runId}.`;
  throw new QuickscrapeError('invalid_params', `run_id: run ${runId} has kept no page`, {
    field: 'run_id',
    hint: `A run keeps its page when a selector found nothing on it, or a check failed; the five newest of a job are kept, and that of its newest good run. ${next}`,
  });
}

/** A job keeps at most this many runs that may have pages of their own. */
const MAX_SEARCHED_RUNS = 100;

function requireNumber(pages: readonly SavedPage[], number: number): SavedPage {
  const page = pages[number - 1];
  if (page !== undefined) return page;
  const urls = pages.map(({ url }, at) => `${at + 1} is ${url}`);
  throw noSuchPage(number, pages.length, `${truncateList(urls, 3)}.`);
}

function noSuchPage(number: number, total: number, hint: string): QuickscrapeError {
  const there = total === 1 ? 'there is only page 1' : `there are pages 1 to ${total}`;
  return new QuickscrapeError('invalid_params', `page: there is no page ${number}; ${there}`, {
    field: 'page',
    hint,
  });
}

function assertOneOrigin({ run_id, config_name, url, takesConfig = true }: PageInput): void {
  const given = Object.entries({ run_id, config_name, url }).flatMap(([name, value]) =>
    value === undefined ? [] : [name],
  );
  if (given.length === 1) return;
  const [first = 'run_id'] = given;
  const problem =
    given.length === 0 ? 'missing; name a page' : `given together with ${given.slice(1).join(' and ')}`;
  throw new QuickscrapeError('invalid_params', `${first}: ${problem}`, {
    field: first,
    hint: `Give exactly one: run_id for a page that a run kept, ${takesConfig ? 'config_name for a page as its runs fetch it, ' : ''}url for any page.`,
  });
}

const MAX_ADDRESS_CHARACTERS = 4_096;

function requireAddress(url: string): string {
  const address = canParseUrl(url.trim()) ? new URL(url.trim()) : undefined;
  const isWeb = address?.protocol === 'http:' || address?.protocol === 'https:';
  if (isWeb && url.length <= MAX_ADDRESS_CHARACTERS) return url.trim();
  const problem = isWeb
    ? `has ${url.length} characters, and may have ${MAX_ADDRESS_CHARACTERS}`
    : `"${url.slice(0, 200)}" is not an http or https address`;
  throw new QuickscrapeError('invalid_params', `url: ${problem}`, {
    field: 'url',
    hint: 'Write the whole address, such as https://example.com/books. Files of this machine are not read.',
  });
}

/** Nothing is written for a page that is only shown. */
function withoutOutput(facts: ConfigAccess): ConfigAccess {
  return { ...facts, outputPath: null };
}

/** A page of a configuration whose jobs give values is the one of its first job that fits. */
function paramsOfFirstJob({ configs, jobs }: Workspace, configName: string): ParamValues | undefined {
  if (Object.keys(configs.paramsOf(configName) ?? {}).length === 0) return undefined;
  const fitting = jobs
    .list()
    .find(
      (job) =>
        job.kind === 'valid' &&
        job.record.definition.config_name === configName &&
        paramWarnings(job.record.definition, configs).length === 0,
    );
  return fitting?.kind === 'valid' ? (fitting.record.definition.params ?? undefined) : undefined;
}
