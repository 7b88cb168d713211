import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { sourceFiles } from './source-files.ts';

const files = sourceFiles('src').map((file) => ({ file, text: readFileSync(file, 'utf8') }));

/** The message of each `new QuickscrapeError('code', 'message'`; of a template its beginning. */
const messages = files.flatMap(({ file, text }) =>
  [...text.matchAll(/new QuickscrapeError\(\s*'\w+',\s*(['`])(.+)/g)].map(([, , message = '']) => ({
    file,
    message,
  })),
);

it('an error’s message begins in lower case, as it stands behind a code, a field or "error:"', () => {
  expect(messages.length).toBeGreaterThan(100);
  expect(messages.filter(({ message }) => /^[A-Z][a-z]/.test(message))).toEqual([]);
});

it('no text names an operation and its command side by side: that is a hint, worded by each interface', () => {
  const both = files.flatMap(({ file, text }) =>
    [...text.matchAll(/\b[a-z]+_(?:jobs?|runs?|configs?|scheduler) \(quickscrape /g)].map(
      ([named]) => `${file}: ${named}`,
    ),
  );
  expect(both).toEqual([]);
});
