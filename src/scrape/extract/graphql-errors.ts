import { asRecord, isRecord } from '../../core/lib/json.ts';
import type { Page } from '../lib/page.ts';
import { ScrapeError } from '../lib/scrape-error.ts';
import { readPageJson } from './page-json.ts';
import { NoJson } from './read-json.ts';

const MAX_MESSAGE = 200;

/**
 * Reads the errors of an answer to a query of GraphQL (GraphQL over HTTP): they come with status 200.
 * @returns a warning if the answer has data all the same; undefined without errors
 * @throws ScrapeError `no_items` for an answer without data
 */
export function readGraphqlErrors(page: Page): string | undefined {
  const answer = readAnswer(page);
  const { errors, data } = answer;
  if (!Array.isArray(errors) || errors.length === 0) return undefined;
  const { message } = asRecord(errors[0]);
  const told = (typeof message === 'string' ? message : JSON.stringify(errors[0])).replaceAll(/\s+/g, ' ');
  const shown = told.length <= MAX_MESSAGE ? told : `${told.slice(0, MAX_MESSAGE)}…`;
  const problem = `${page.url} answers with an error: "${shown}"`;
  if (isRecord(data) && Object.values(data).some((value) => value !== null)) return problem;
  throw new ScrapeError('no_items', problem, {
    url: page.url,
    hint: 'Check request.graphql: its query, and its variables.',
  });
}

/** A page that is no JSON is reported where its rows are read. */
function readAnswer(page: Page): Readonly<Record<string, unknown>> {
  try {
    return asRecord(readPageJson(page)[0]);
  } catch (error) {
    if (error instanceof NoJson) return {};
    throw error;
  }
}
