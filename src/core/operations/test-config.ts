import * as z from 'zod';
import { paramsInConfig } from '../configs/config-values.ts';
import { type TestProgress, testResponse } from '../configs/scraper-protocol.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import { late } from '../lib/late-modules.ts';
import { parseName } from '../model/ids.ts';
import { paramValuesInput, resolveParams } from '../model/params.ts';
import { selectorName } from '../runs/selector-findings.ts';
import type { Workspace } from '../workspace.ts';
import { checkAndReviewConfig, findNewAccess, withField } from './check-config.ts';
import { concealOptions } from './concealment.ts';
import { configChangesInput, resolveGivenText } from './config-changes.ts';
import { defineOperation } from './define-operation.ts';
import { findRun } from './find-or-throw.ts';
import { configNameInput, nearestOutput, yamlInput } from './operation-fields.ts';
import { requireSavedPages } from './page-source.ts';

const loadScraperClient = late(() => import('../configs/scraper-client.ts'));

export const testConfig = defineOperation({
  name: 'test_config',
  title: 'Try a configuration',
  description:
    'Fetches the first pages of a configuration and shows first rows, what each selector matched, and warnings. ' +
    'Stores nothing. Give config_name, with changes or without, or a yaml; with run_id it is tried on the page that a ' +
    'run kept, without fetching. Keys: quickscrape://help/configuration, or propose_config with grammar.',
  input: () =>
    z.strictObject({
      config_name: configNameInput()
        .optional()
        .describe('A saved configuration; with yaml, only the name to show'),
      yaml: yamlInput().optional(),
      changes: configChangesInput(),
      run_id: z
        .string()
        .min(1)
        .optional()
        .describe('Try it on the page that this run kept (get_run: kept_pages)'),
      params: paramValuesInput().optional().describe('Values of its parameters; default: those of the run'),
      max_pages: z.int().min(1).max(20).default(1).describe('Pages to try, at most'),
      sample_items: z.int().min(0).max(50).default(5).describe('First rows to show'),
    }),
  output: () =>
    z.object({
      config_name: z.string().nullable(),
      source: z.enum(['live', 'kept page']).describe('Where the pages came from'),
      pages: z.int().describe('Pages read'),
      items: z.int().describe('Rows on them'),
      sample: testResponse.shape.sample.describe('The first rows: data from the page; long texts are cut'),
      page_list: z
        .array(
          z.object({
            url: z.string(),
            role: z.enum(['rows', 'detail']),
            level: z.int().optional(),
            items: z.int(),
          }),
        )
        .optional()
        .describe('The pages read, if there are several'),
      matches: z
        .array(
          z.object({
            ...selectorName(),
            selector: z.string(),
            matched: z.int().describe('Elements, over all pages (of a field with item: within the items)'),
            pages: z.int().describe('Pages on which it matched something'),
            by_page: z
              .array(z.int())
              .optional()
              .describe('Elements on each page of page_list with its role and level, in order'),
            nearest: nearestOutput().optional(),
          }),
        )
        .describe('What each selector matched'),
      requests: testResponse.shape.requests.describe('What was sent, if not a plain GET'),
      warnings: z.array(z.string()),
      error: z
        .object({
          kind: z.string().describe('no_items, network, http, robots, timeout, blocked_address …'),
          message: z.string(),
          hint: z.string().nullable(),
        })
        .nullable()
        .describe('Why a run would fail; null when it would not'),
    }),
  // It may sign in, and may send values from the text to any site.
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  readOnlyWithField: 'run_id',
  errors: ['config_not_found', 'run_not_found', 'invalid_config'],
  async handler(
    workspace,
    { config_name = null, run_id, params, max_pages, sample_items, ...given },
    context,
  ) {
    const source = resolveText(workspace, config_name, given);
    const run = run_id === undefined ? undefined : findRun(workspace, run_id);
    const savedPages = run && requireSavedPages(workspace, run);
    const { yaml } = await checkAndReviewConfig(
      workspace,
      { ...source, forRun: true },
      context,
      async (facts) => {
        // A test run writes no output.
        const reached = { ...facts, outputPath: null };
        // With saved pages, nothing is fetched and no variable is used.
        if (savedPages !== undefined)
          return {
            ...reached,
            caFile: null,
            addressFiles: [],
            privateHosts: [],
            variables: [],
            references: [],
            headers: [],
            request: null,
            secrets: [],
          };
        return config_name === null ? reached : findNewAccess(reached, workspace, config_name, source.kept);
      },
    );
    // On kept pages, a parameter without a value has a made-up one.
    const declared = paramsInConfig(yaml) ?? {};
    if (run === undefined) resolveParams(declared, params ?? {});
    const ofRun = Object.entries(run?.params ?? {}).filter(([name]) => Object.hasOwn(declared, name));
    const question = {
      yaml,
      params: { ...Object.fromEntries(ofRun), ...params },
      name: source.displayName,
      home: workspace.paths.home,
      max_pages,
      sample_items,
      ...(savedPages && {
        pages: savedPages.map(({ file, url, contentType, fetchedAt, role, level }) => ({
          file,
          url,
          content_type: contentType,
          fetched_at: fetchedAt,
          role,
          level,
        })),
      }),
      ...concealOptions(workspace, context, {
        configName: config_name,
        yaml,
        runId: run_id,
        savedPages,
        kept: source.kept,
      }),
    };
    const { testConfigText } = await loadScraperClient();
    const { signal, onSent, onProgress } = context;
    const onPage =
      onProgress &&
      (({ pages, items, total }: TestProgress) =>
        onProgress({ status: 'fetching', pages, items, progress: total && Math.min(1, pages / total) }));
    const { page_list, ...answer } = await withField(source.field, () =>
      testConfigText(question, { signal, onSent, onPage }),
    );
    const from = savedPages === undefined ? ('live' as const) : ('kept page' as const);
    return { config_name, source: from, ...answer, ...(page_list.length > 1 && { page_list }) };
  },
});

function resolveText(
  workspace: Workspace,
  configName: string | null,
  given: Parameters<typeof resolveGivenText>[2],
) {
  if (configName !== null) parseName(configName, 'config_name');
  const text = resolveGivenText(workspace, configName, given);
  if (text !== undefined)
    return { ...text, displayName: configName === null ? 'yaml' : `${configName}.yaml` };
  throw new QuickscrapeError('invalid_params', 'config_name: missing; give config_name or yaml', {
    field: 'config_name',
    hint: 'config_name tries a saved configuration (list_configs shows them), yaml a text that need not be saved.',
  });
}
