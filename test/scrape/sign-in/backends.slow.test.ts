import { describe, expect, it } from 'vitest';
import { openQuotes } from '../../fixtures/quotes/open-quotes.ts';
import { makeQuotes } from '../../fixtures/quotes/quotes.ts';
import { noBrowserHere } from '../browser/browser-site.ts';
import { withRun } from '../crawl/with-run.ts';

const { run, staged, traces } = withRun();

const TIME = 60_000;

describe('content for signed-in readers is found a hundred times', () => {
  it('as the server sends it', () => readAll('requests'), TIME);

  it.skipIf(noBrowserHere !== undefined)(
    'in a browser, which gets the cookies',
    () => readAll('browser'),
    TIME,
  );
});

async function readAll(backend: string): Promise<void> {
  const { url } = await openQuotes();
  const yaml = `url: "${url}"
item: .quote
selectors: {text: .text, likes: .likes}
pagination: {type: next_button, selector: "li.next a"}
backend: ${backend}
authentication: {type: form, login_url: "${url}login", username: reader, password: sandbox}
`;
  await expect(run(yaml)).resolves.toMatchObject({ pages: 10, items: 100 });
  expect(staged()).toEqual(
    makeQuotes().map(({ text, likes }) => ({ text: `“${text}”`, likes: `${likes} likes` })),
  );
  expect(traces.lines.filter((line) => line.includes('signed in at'))).toHaveLength(1);
}
