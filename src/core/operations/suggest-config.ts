import * as z from 'zod';
import { CONFIG_HELP } from '../configs/config-help.ts';
import { newConfigText, suggestConfigName } from '../configs/new-config.ts';
import type { FoundChoice, SuggestResponse } from '../configs/suggest-response.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import { late } from '../lib/late-modules.ts';
import { sanitizeText } from '../lib/sanitize-text.ts';
import { defineOperation, type OperationContext, type RowsAnswer } from './define-operation.ts';
import { runIdInput } from './operation-fields.ts';
import { resolvePage } from './page-source.ts';

const loadScraperClient = late(() => import('../configs/scraper-client.ts'));

export const suggestConfig = defineOperation({
  name: 'propose_config',
  title: 'Propose a configuration',
  description:
    'Writes a configuration for a page that lists things: rows, fields, next page. Then test_config and save_config. ' +
    'For values that it misses: find_selectors.',
  input: () =>
    z.strictObject({
      url: z.string().optional().describe('The page'),
      run_id: runIdInput().optional().describe('Instead: the page that this run kept'),
      backend: z.enum(['auto', 'requests', 'browser']).default('auto').describe('How the page is fetched'),
      choice: z.int().min(1).max(5).default(1).describe('Which of choices'),
      ask: z
        .boolean()
        .default(false)
        .describe('Let the person choose, where the client can ask; else choice counts'),
      grammar: z.boolean().default(false).describe('Also show all keys there are'),
    }),
  output: () =>
    z.object({
      url: z.string().nullable(),
      yaml: z.string().nullable().describe('The whole configuration, for test_config and save_config'),
      choices: z
        .array(
          z.object({
            choice: z.int(),
            item: z.string(),
            count: z.int(),
            fields: z.array(z.object({ name: z.string(), sample: z.string() })),
          }),
        )
        .describe('What repeats on the page, with the first value of each field: data from the page'),
      choice: z.int().nullable().describe('Which of them yaml takes'),
      person: z
        .enum(['chose', 'declined', 'closed', 'invalid', 'unable'])
        .optional()
        .describe(
          'With ask and several choices: what the person did; invalid: no valid answer came; unable: the client could not ask',
        ),
      next_page: z.string().nullable().describe('What leads to the next page'),
      backend: z.enum(['requests', 'browser']),
      warnings: z.array(z.string()),
      grammar: z.string().optional().describe('An annotated configuration with all keys'),
    }),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  readOnlyWithoutField: 'url',
  errors: ['run_not_found'],
  async handler(workspace, { url, run_id, backend, choice: wanted, ask, grammar }, context) {
    const help = grammar ? { grammar: CONFIG_HELP } : {};
    if (grammar && url === undefined && run_id === undefined) return { ...NOTHING, ...help };
    const asked = await resolvePage(workspace, { url, run_id, takesConfig: false }, context, backend);
    const { suggestSelectors } = await loadScraperClient();
    const { signal, onSent } = context;
    const found = await suggestSelectors(asked, { signal, onSent });
    const { choices = [], next, scripts } = found;
    const address = url ?? found.url ?? '';
    const answer = ask && choices.length > 1 ? await askPerson(context, address, choices) : {};
    const choice = answer.choice ?? wanted;
    const chosen = choices[choice - 1];
    if (chosen === undefined)
      throw choices.length === 0
        ? noRowsError(address, url === undefined ? 'run_id' : 'url', found)
        : noChoice(choice, choices);
    const needsBrowser = found.is_rendered === true || backend === 'browser';
    return {
      url: address,
      yaml: newConfigText(
        address,
        suggestConfigName(address) || 'pages',
        { ...chosen, next, pagination: found.pagination },
        { backend: needsBrowser ? 'browser' : undefined },
      ),
      choices: choices.map(({ item, rows, fields }, at) => ({
        choice: at + 1,
        item,
        count: rows,
        fields: fields.map(({ name, sample = '' }) => ({ name, sample: sanitizeText(sample) })),
      })),
      choice,
      ...(answer.person !== undefined && { person: answer.person }),
      next_page: next,
      backend: needsBrowser ? ('browser' as const) : ('requests' as const),
      warnings: [
        ...(scripts && !needsBrowser ? [`Perhaps not all is there: ${scripts}. Try backend: browser.`] : []),
        ...(next === null ? [] : [LIMITED]),
      ],
      ...help,
    };
  },
});

const LIMITED = 'yaml takes the first 3 pages: for all, leave pagination.max_pages out.';

const NOTHING = {
  url: null,
  yaml: null,
  choices: [],
  choice: null,
  next_page: null,
  backend: 'requests' as const,
  warnings: [],
};

async function askPerson(
  { chooseRows }: OperationContext,
  url: string,
  choices: readonly FoundChoice[],
): Promise<Partial<RowsAnswer>> {
  return chooseRows === undefined ? { person: 'unable' } : chooseRows(url, choices);
}

function noRowsError(url: string, field: 'run_id' | 'url', { scripts }: SuggestResponse): QuickscrapeError {
  return new QuickscrapeError('invalid_params', `nothing repeats on ${url}`, {
    field,
    hint: scripts
      ? `As the server sends it, the page has no rows, and ${scripts}: try backend: browser.`
      : 'Give the page that lists what you want. For a page about one thing: find_selectors with examples.',
  });
}

function noChoice(choice: number, choices: readonly FoundChoice[]): QuickscrapeError {
  return new QuickscrapeError(
    'invalid_params',
    `choice: there is no ${choice}; the page has ${choices.length}`,
    {
      field: 'choice',
      hint: choices.map(({ item, rows }, at) => `${at + 1}: ${item} (${rows})`).join(', '),
    },
  );
}
