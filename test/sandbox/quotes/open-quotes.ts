import { onTestFinished } from 'vitest';
import { makeQuotes } from '../../../src/sandbox/quotes/quotes.ts';
import { startQuotes } from '../../../src/sandbox/quotes/server.ts';

/** The quotes, open until the test is over. */
export async function openQuotes() {
  const site = await startQuotes();
  onTestFinished(() => site.close());
  return site;
}

/** The rows that {@link quotesConfig} finds, whatever the variant. */
export function quoteRows() {
  return makeQuotes().map(({ text, author, tags }) => ({ text: `“${text}”`, author, tags }));
}

/** A configuration for the variant at `url`. @param more further keys as YAML */
export function quotesConfig(url: string, more = ''): string {
  return `url: "${url}"
item: .quote
selectors:
  text: .text
  author: .author
  tags: {selector: .tag, multiple: true}
${more}`;
}
