import * as z from 'zod';
import type { FindResponse } from '../configs/found-selectors.ts';
import { extractionText } from '../configs/new-config.ts';
import type { FindRequest } from '../configs/scraper-protocol.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import { late } from '../lib/late-modules.ts';
import { listSavedPages, type SavedPage } from '../runs/saved-pages.ts';
import type { Workspace } from '../workspace.ts';
import { concealOptions, findLostVariables } from './concealment.ts';
import { defineOperation, type OperationContext } from './define-operation.ts';
import { findRun } from './find-or-throw.ts';
import { configNameInput, runIdInput } from './operation-fields.ts';
import { requireSavedPages, resolvePage } from './page-source.ts';

const loadScraperClient = late(() => import('../configs/scraper-client.ts'));

const MAX_EXAMPLES = 20;
const MAX_VALUE_CHARACTERS = 2_000;
/** More kept pages of the same job say little more. */
const MAX_EARLIER_PAGES = 4;
const MAX_EARLIER_RUNS = 50;

const fieldOutput = () =>
  z.object({
    name: z.string(),
    candidates: z
      .array(
        z.object({
          selector: z.string(),
          attribute: z.string().optional(),
          regex: z.string().optional().describe('Takes the example out of a longer text'),
          type: z.string().optional().describe('All its values can be read as this'),
          matched: z.int().describe('Elements within the rows'),
          rows: z.int().describe('Rows that were examined'),
          filled_percent: z.int().describe('Rows in which it has a value'),
          samples: z.array(z.string()).describe('First values: data from the page'),
          holds_on: z.string().optional().describe('Earlier kept pages of the job on which it has values'),
          why: z.string().describe('What it relies on'),
        }),
      )
      .describe('The best first, at most three'),
    problem: z.string().optional().describe('Why it is not in yaml'),
    nearest: z.array(z.string()).optional().describe('Texts of the page that are like it'),
  });

export const findSelectors = defineOperation({
  name: 'find_selectors',
  title: 'Find selectors for examples',
  description:
    'Finds selectors for values of a page: give two fields of one row. Ranked by how they hold in the other rows. Next: ' +
    'test_config with yaml. Without values: propose_config.',
  input: () =>
    z.strictObject({
      run_id: runIdInput().optional().describe('The page that this run kept'),
      config_name: configNameInput().optional().describe('The first page of this configuration'),
      url: z.string().optional().describe('Any page'),
      examples: examplesInput().describe('Fields of one row: title, The Book'),
    }),
  output: () =>
    z.object({
      url: z.string(),
      source: z.enum(['live', 'kept page']),
      item: z
        .object({
          selector: z.string(),
          count: z.int(),
          holds_on: z.string().optional(),
          why: z.string(),
        })
        .nullable()
        .describe('The block that repeats and holds the examples; null if the page is one row'),
      fields: z.array(fieldOutput()),
      yaml: z.string().nullable().describe('A configuration of the best selectors, for test_config'),
      warnings: z.array(z.string()),
    }),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  readOnlyWithField: 'run_id',
  errors: ['config_not_found', 'run_not_found', 'invalid_config'],
  async handler(workspace, { examples, ...input }, context) {
    const list = toExamples(examples);
    const asked = await resolvePage(workspace, input, context);
    const earlier = input.run_id === undefined ? {} : earlierPages(workspace, input.run_id, context);
    const { findPageSelectors } = await loadScraperClient();
    const { signal, onSent } = context;
    const found = await findPageSelectors({ ...asked, ...earlier, examples: list }, { signal, onSent });
    return toAnswer(found);
  },
});

/** A list of names and values, as tools of models declare it, or a map. */
function examplesInput() {
  return z.union([
    z.array(z.strictObject({ name: z.string(), value: z.string() })),
    z.record(z.string(), z.union([z.string(), z.number()])),
  ]);
}

/** @throws QuickscrapeError `invalid_params` */
function toExamples(examples: z.output<ReturnType<typeof examplesInput>>): FindRequest['examples'] {
  const list = (
    Array.isArray(examples) ? examples : Object.entries(examples).map(([name, value]) => ({ name, value }))
  ).map(({ name, value }) => ({ name: name.trim(), value: String(value).trim() }));
  if (list.length === 0 || list.length > MAX_EXAMPLES)
    throw invalidExamples(
      list.length === 0 ? 'there are none' : `there are ${list.length}, and may be ${MAX_EXAMPLES}`,
      'Two or three fields of one row are enough, such as {title: "The Book", price: "£51.77"}.',
    );
  const names = new Set<string>();
  for (const { name, value } of list) {
    const shown = JSON.stringify(name.slice(0, 40));
    if (name === '' || name.length > 64 || /[\p{Cc}\p{Cs}]/u.test(name) || name.includes('${'))
      throw invalidExamples(`${shown} is no name of a field`, 'Use a short name, such as price.');
    if (names.has(name)) throw invalidExamples(`${shown} is there twice`, 'Give one example for each field.');
    names.add(name);
    if (value === '')
      throw invalidExamples(`${shown} is empty`, 'Copy the value as the page shows it in one row.');
    if (value.length > MAX_VALUE_CHARACTERS)
      throw invalidExamples(
        `${shown} has ${value.length} characters, and may have ${MAX_VALUE_CHARACTERS}`,
        'The first sentence of a long text is enough.',
      );
  }
  return list;
}

function invalidExamples(problem: string, hint: string): QuickscrapeError {
  return new QuickscrapeError('invalid_params', `examples: ${problem}`, { field: 'examples', hint });
}

/**
 * The pages with rows that other runs of the same job have kept, the newest first. Pages that were fetched with other
 * variables are left out: their values could not be removed.
 */
function earlierPages(
  workspace: Workspace,
  runId: string,
  context: OperationContext,
): Pick<FindRequest, 'earlier_pages' | 'conceal'> {
  const run = findRun(workspace, runId);
  const own = requireSavedPages(workspace, run);
  const known = own.flatMap(({ variables }) => variables ?? []);
  const isKnown = ({ role, variables }: SavedPage) =>
    role === 'rows' && (variables ?? ['?']).every((name) => known.includes(name));
  const others = workspace.runs
    .newestForJob(run.jobId, MAX_EARLIER_RUNS)
    .filter((other) => other.runId !== run.runId)
    .flatMap((other) => listSavedPages(workspace.paths, run.jobId, other.runId).filter(isKnown).slice(0, 1))
    .filter(
      (page) =>
        context.reviewConfig === undefined ||
        findLostVariables(workspace, [page], run.configName).length === 0,
    )
    .slice(0, MAX_EARLIER_PAGES);
  const savedPages = [...own, ...others];
  return {
    earlier_pages: others.map(({ file, url, contentType, fetchedAt, role }) => ({
      file,
      url,
      content_type: contentType,
      fetched_at: fetchedAt,
      role,
    })),
    ...concealOptions(workspace, context, { configName: null, yaml: '', runId, savedPages }),
  };
}

function toAnswer({ url, source, is_rendered, item, fields, warnings }: FindResponse) {
  const best = fields.flatMap(({ name, candidates: [first], is_outside_rows }) =>
    first === undefined || is_outside_rows
      ? []
      : [{ ...first, name, type: first.needs_type ? first.type : undefined }],
  );
  return {
    url,
    source: source === 'kept' ? ('kept page' as const) : source,
    item: item && {
      selector: item.selector,
      count: item.count,
      ...formatHolds(item.holds_on),
      why: item.why,
    },
    fields: fields.map(({ name, hits, is_outside_rows, nearest, candidates }) => {
      const problem = describeProblem(hits, is_outside_rows, candidates.length, nearest.length);
      return {
        name,
        candidates: candidates.map(({ selector, attribute, needs_type: _, holds_on, ...candidate }) => ({
          selector,
          ...(attribute !== null && { attribute }),
          ...candidate,
          ...formatHolds(holds_on),
        })),
        ...(problem !== undefined && { problem }),
        ...(nearest.length > 0 && { nearest }),
      };
    }),
    yaml: best.length === 0 ? null : extractionText(url, item?.selector ?? null, best, is_rendered),
    warnings,
  };
}

function formatHolds({ pages, of }: { pages: number; of: number }): { holds_on?: string } {
  return of === 0 ? {} : { holds_on: `${pages} of ${of}` };
}

function describeProblem(
  hits: number,
  isOutsideRows: boolean,
  candidates: number,
  nearest: number,
): string | undefined {
  if (hits === 0)
    return nearest > 0
      ? 'Nothing on the page holds it: take one of nearest, or look with get_page.'
      : 'Nothing on the page holds it or is like it: look with get_page.';
  if (candidates === 0) return 'The page has it, but no selector matches it alone: give another example.';
  return isOutsideRows ? 'It lies outside of the rows: these selectors are of the whole page.' : undefined;
}
