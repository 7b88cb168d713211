import type { McpServer } from '@modelcontextprotocol/server';
import type { OperationName } from '../../core/operations/operations.ts';
import { viewMeta } from './app-views.ts';

/**
 * Claude Code shows a model the names of many tools only, and searches the rest by words: in names, descriptions and this
 * field of `_meta`, whose words count more than those of a description (checked in 2.x of its program). Other clients
 * ignore it.
 */
const SEARCH_HINT = 'anthropic/searchHint';

/** The words that people use for a tool, where its name and description have others. */
const SEARCH_HINTS: { readonly [N in OperationName]?: string } = {
  explain_run: 'why did a job fail, broken scraper, diagnose, debug',
  find_selectors: 'css xpath',
  propose_config: 'new scraper website',
  list_items: 'scraped data rows results',
  compare_runs: 'diff price changes',
  get_item_history: 'lowest price trend',
  create_job: 'cron recurring every day',
  get_page: 'screenshot website',
  examine_home: 'doctor health check',
};

/** `_meta` of an operation's tool: its view, and words for searches. */
export function toolMeta(operation: OperationName, server: McpServer): Record<string, unknown> | undefined {
  const hint = SEARCH_HINTS[operation];
  const view = viewMeta(operation, server);
  return hint === undefined ? view : { ...view, [SEARCH_HINT]: hint };
}
