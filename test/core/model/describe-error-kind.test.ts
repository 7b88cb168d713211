import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { describeErrorKind, describeRunError } from '../../../src/core/model/describe-error-kind.ts';

const DOCS = new URL('../../../docs/explanation/', import.meta.url);

/** The kinds of a page's table of errors, each with its words. */
function documentedKinds(page: string): [kinds: string, words: string][] {
  const text = readFileSync(new URL(page, DOCS), 'utf8');
  const table = text.slice(text.search(/^\| `?(error\.)?kind`? \| in words \|/m)).split('\n\n')[0] ?? '';
  return [...table.matchAll(/^\| (`.*?`) \| (.*?) \|/gm)].map(([, kinds = '', words = '']) => [kinds, words]);
}

it.each(['scraping.md', 'runs.md'])('every kind of error in %s has the words that people read', (page) => {
  // The head of a table that shows `error.kind` is no kind.
  const rows = documentedKinds(page).filter(([kinds]) => kinds !== '`error.kind`');
  expect(rows.length).toBeGreaterThan(8);
  for (const [kinds, words] of rows)
    expect([...kinds.matchAll(/`(\w+)`/g)].map(([, kind = '']) => describeErrorKind(kind)).join('; ')).toBe(
      words,
    );
});

it('an error of a run is said once, with its kind where the message does not have it', () => {
  const describe = (kind: string, message: string) => describeRunError({ kind, message });
  expect(describe('http', 'http://a/: HTTP 503')).toBe('the site answers with an error: http://a/: HTTP 503');
  expect(describe('robots', 'robots.txt of a disallows /')).toBe('robots.txt of a disallows /');
  expect(describe('cancelled', 'cancelled by hand')).toBe('cancelled by hand');
  expect(describe('of_a_newer_version', 'what it says')).toBe('of a newer version: what it says');
});
